"""Hidden grader of ``count_up``."""

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary import Refusal, expect_peak, expect_refusals, read, take


@check(points=2, public=True, hint="The limit itself is the last value.")
def test_counts_from_one_to_the_limit(student):
    """CountUp(3) yields 1, 2, 3."""

    @student.observe(limit=3)
    def seen(module, limit):
        return take(module.CountUp(limit), 21)

    if same(seen, [0, 1, 2]) or same(seen, [0, 1, 2, 3]):
        expect(False, f"CountUp(3) starts at 0: it yielded {show(seen)}. The first value is 1.")
    expect(same(seen, [1, 2, 3]), f"CountUp(3) should yield [1, 2, 3]; yours yielded {show(seen)}.")


@check(points=2, public=True, hint="`__iter__` returns the object it was called on.")
def test_is_its_own_iterator(student):
    """iter(c) is c."""

    @student.observe()
    def seen(module):
        counter = module.CountUp(3)
        kind, found = type(iter(counter)).__name__, [iter(counter) is counter]
        for _ in range(4):
            next(counter, None)
            found.append(iter(counter) is counter)
        empty = module.CountUp(0)
        return [found[0], kind, all(found) and iter(empty) is empty]

    itself, kind, always = read(seen, [bool, str, bool])
    expect(
        itself,
        f"iter(c) returned another object (a {kind}): your class is an iterable, not an iterator.",
    )
    expect(
        always,
        "iter(c) is c at first, and later, or without values, it is not: `__iter__` returns the "
        "object itself, whatever the count.",
    )


@check(points=2, hint="The state lives in the object; `__iter__` leaves it alone.")
def test_keeps_its_progress(student, rng):
    """next() and for loops may take turns, and so may two counters."""
    limit = rng.randint(9, 40)
    first, middle = rng.randint(1, 4), rng.randint(1, 3)

    @student.observe(limit=limit, first=first, middle=middle)
    def seen(module, limit, first, middle):
        counter = module.CountUp(limit)
        found = [next(counter) for _ in range(first)]
        for taken, value in enumerate(counter, 1):
            found.append(value)
            if taken == middle:
                break
        found.append(next(counter))
        iter(counter)
        for value in counter:
            found.append(value)
            if len(found) > 2 * limit:
                break
        return found

    whole = list(range(1, limit + 1))
    restarted = (
        type(seen) is list
        and same(seen[:first], whole[:first])
        and sum(same(value, 1) for value in seen) > 1
    )
    expect(
        not restarted,
        "A for loop started over from 1 after next() had taken values: something resets the "
        "state when an iterator is asked for.",
    )
    expect(same(seen, whole), "Values were lost or repeated when next() and for loops took turns.")

    @student.observe()
    def in_turn(module):
        one, other = module.CountUp(3), module.CountUp(3)
        found = [next(counter, "end") for _ in range(3) for counter in (one, other)]
        del one, other
        # Each of these lies where one lay that has gone.
        return found + [next(module.CountUp(3), "end") for _ in range(50)]

    expect(
        same(in_turn, [1, 1, 2, 2, 3, 3] + [1] * 50),
        "Counters that were asked in turn, or one after the other, disturbed each other: the "
        "state belongs to the object, not to the class, and not to its id.",
    )


@check(points=1, hint="After the end, `__next__` raises StopIteration every time.")
def test_stays_exhausted(student, rng):
    """Once exhausted it stays exhausted."""
    limit = rng.randint(2, 30)

    @student.observe(limit=limit)
    def seen(module, limit):
        counter = module.CountUp(limit)
        for _ in range(limit):
            next(counter)
        end = object()
        ends = [next(counter, end) is end for _ in range(3)]
        return [ends, len(take(counter, limit + 1))]

    read(seen, [list, int], "What next() gave after the end")
    expect(
        seen == [[True] * 3, 0],
        "After its last value the counter came back to life: it must raise StopIteration "
        "from then on, whether next() or a for loop asks.",
    )


@check(points=1, hint="0 and negative limits give an empty iterator, not an error.")
def test_nothing_to_count(student, rng):
    """A limit of 0 or less yields nothing."""
    limits = [0, -1, -rng.randint(2, 10**6)]

    @student.observe(limits=limits)
    def seen(module, limits):
        return [len(take(module.CountUp(limit), 6)) for limit in limits]

    expect(seen == [0, 0, 0], "A counter with a limit of 0 or below yielded values.")


@check(points=1, hint="`isinstance(True, int)` is True; bool has to be refused by name.")
def test_refuses_what_is_no_int(student, rng):
    """A limit that is not an int is a TypeError of the constructor."""
    wrong = {
        "a float": round(rng.uniform(1, 9), 2),
        "a whole float": float(rng.randint(2, 9)),
        "a str": str(rng.randint(2, 9)),
        "None": None,
        "True": True,
        "False": False,
    }
    cases = {what: {"limit": limit, "whole": False} for what, limit in wrong.items()}
    cases["a number of another class (as np.int64 is)"] = {
        "limit": rng.randint(2, 9),
        "whole": True,
    }

    def call(module, limit, whole):
        import fractions
        import numbers

        class Whole(fractions.Fraction):
            """Counts, compares and computes as an int does, but is not an int."""

            __index__ = __int__ = fractions.Fraction.__trunc__

        if whole:
            numbers.Integral.register(Whole)
        module.CountUp(Whole(limit) if whole else limit)

    rule = Refusal(
        "TypeError",
        accepted="CountUp took {what} as its limit; that is {an_error}.",
        other="With {what} as limit it raised {raised}, not {an_error}.",
    )
    expect_refusals(student, call, cases, rule)


@check(points=1, hint="Make each value when it is asked for.")
def test_any_limit_is_immediate(student, rng):
    """CountUp(10**12) and CountUp(10**30) start at once."""

    @student.observe(powers=[12, 19, 30, rng.randint(309, 999)], more=rng.randint(0, 10**6))
    def seen(module, powers, more):
        counters = [module.CountUp(10**power + more) for power in powers]
        return [[next(counter) for _ in range(3)] for counter in counters]

    read(seen, [list] * 4)
    expect(same(seen[0], [1, 2, 3]), "A counter with an enormous limit did not start 1, 2, 3.")
    expect(
        same(seen, [[1, 2, 3]] * 4),
        "A counter whose limit is beyond sys.maxsize, or the largest float, did not start 1, 2, 3.",
    )


# A torch tensor as the state takes 3 to 10 µs per value, and the first use of torch reads up to
# 40 MB of library code where nothing has used it before.
ROOM = {"wall": 40.0, "cpu": 20.0}
LIBRARY = 50e6


@check(points=1, kind="memory", hint="Hold the last value, not the values.")
def test_holds_no_list(student, reference, rng):
    """A long count takes less than 0.01x the memory of the list."""
    limit, side = rng.randint(250_000, 350_000), student.within(**ROOM)

    def listed(module, limit):
        return len(list(range(limit)))

    def counted(module, limit):
        last = 0
        for value in module.CountUp(limit):
            last = value
            if value >= limit:
                break
        return last

    theirs = side.peak_memory(counted, limit=limit)
    whole = reference.peak_memory(listed, limit=limit)
    expect(same(theirs.value, limit), "The last value of a long count is wrong.")
    # Pages come and go in steps of a few hundred kB whatever the code does (0.43 MB with torch);
    # an array of the values takes 2 MB.
    allowed = max(0.01 * whole.bytes, 0.6e6)
    if theirs.bytes > allowed:
        # What a library touches when it is first used is no list: a short count needs it, too.
        allowed += min(side.peak_memory(counted, limit=1000).growth, LIBRARY)
    expect_peak(
        theirs,
        allowed,
        "Peak {peak}; the whole list takes {whole} and the limit is 0.01x of that. The values "
        "appear to be stored.",
        whole=whole.bytes,
    )

    # Objects in memory, as Python counts them at any time, in the middle of a count.
    @student.within(**ROOM).observe(limit=rng.randint(50_000, 150_000))
    def grown(module, limit):
        import gc
        import sys

        gc.collect()
        before, most, value, step = sys.getallocatedblocks(), 0, None, limit // 37
        for value in module.CountUp(limit):
            if value % step == 0 and value < limit:  # here a part that is made ahead is full
                most = max(most, sys.getallocatedblocks())
            if value >= limit:
                break
        return [most - before if most else None, limit, value]

    more, top, last = read(grown, [int | None, int, object])
    missing = more is None or not same(last, top)
    expect(not missing, "In the middle of a count some values were missing.")
    expect(
        more <= 0.01 * top + 1000,
        f"In the middle of a count to {top} there are {more} more objects in memory than before "
        "it.",
    )
