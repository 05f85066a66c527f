"""Hidden grader of ``intern_labels``."""

from autograder.checks import check, error_name, expect, show

# -- pieces of observations ---------------------------------------------------------------------


def copied(labels):
    """The same texts as new objects, as a parser makes them."""
    return ["".join(list(label)) for label in labels]


def called(module, labels, program, kind="list"):
    """Intern new copies of the labels: ``[type, labels out, interned, distinct, input as it was]``.

    ``interned`` tells for each label whether it is the object of Python's table. That is asked
    with copies that the submission has never seen: sys.intern would put a new text into the table.
    Names of attributes are in that table, too, whatever they consist of. ``program`` is the
    module that makes the call.
    """
    import importlib
    import sys

    class Box:
        pass

    def known(probe):
        box = Box()
        setattr(box, probe, 0)
        return next(iter(vars(box)))

    given, probes = copied(labels), copied(labels)
    before = [id(label) for label in given]
    kinds = {"list": given, "tuple": tuple(given), "iterator": iter(given)}
    kinds["generator"] = (label for label in given)
    kinds["dict keys"] = dict.fromkeys(given).keys()
    out = importlib.import_module(program).read(module.intern_labels, kinds[kind])
    if not isinstance(out, list):
        return [type(out).__name__, [], [], 0, True]
    out_now = list(out)[:5000]
    pairs = list(zip(probes, out_now, strict=False))
    same = [known(probe) is label and sys.intern(probe) is label for probe, label in pairs]
    kept = out is not given and [id(label) for label in given] == before
    return ["list", out_now, same, len({id(label) for label in out_now}), kept]


def readable(seen):
    """The evidence of `called`, its shape checked."""
    good = type(seen) is list and len(seen) == 5 and all(type(seen[i]) is list for i in (1, 2))
    expect(good, "What intern_labels returned could not be read.")
    return seen


def judge(seen, labels, what):
    """Hold the evidence of `called` against the labels."""
    kind, out, interned, distinct, _ = readable(seen)
    expect(kind == "list", f"{what} it returned no list.")
    expect(len(out) >= len(labels), f"{what} labels were lost: the list is shorter than the input.")
    expect(len(out) == len(labels), f"{what} the list is longer than the input.")
    expect(
        all(type(label) is str for label in out), f"{what} some of what is in the list is no str."
    )
    expect(sorted(out) == sorted(labels), f"{what} labels were changed.")
    expect(out == labels, f"{what} labels came in another order.")
    judge_identity(interned, distinct, labels, what)


def judge_identity(interned, distinct, labels, what):
    kinds = len(set(labels))
    expect(type(distinct) is int, "What intern_labels returned could not be read.")
    expect(
        distinct == kinds,
        f"{what} equal labels are still different objects: nothing was "
        "interned. str(label) and label[:] return the very string that they are given.",
    )
    expect(
        interned == [True] * len(labels),
        f"{what} equal labels are one object, but some not "
        "the one of Python's own table: another list, or another module, has other "
        "objects for the same labels. `sys.intern` asks that table.",
    )


def some_labels(rng, kinds, count):
    """Labels of that many kinds, each kind at least twice."""
    syllables = ["ka", "to", "mi", "ru", "se", "no", "va", "pi"]
    names = set()
    while len(names) < kinds:
        names.add("".join(rng.choices(syllables, k=rng.randint(2, 6))))
    names = sorted(names)
    labels = names * 2 + rng.choices(names, k=count)
    rng.shuffle(labels)
    return labels


PROGRAM = """
from concurrent.futures import ThreadPoolExecutor

def read(function, labels):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, labels).result()
"""


def within_a_program(student, rng):
    """The student's module beside one that uses it as programs do: the side, and its name.

    Its calls come from a file of some name, in a thread: nothing on the stack is of a check.
    """
    names = ["dataset", "prepare", "training", "labels", "load_coco", "experiment"]
    name = rng.choice(student.free(names))
    name += rng.choice(["", "_a", "2", "_v2"])
    return student.with_files(**{name: PROGRAM}), name


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="The module `sys` has a function of that name.")
def test_equal_labels_are_one_object(student, rng):
    """Equal labels come out as one object, with the same text in the same order."""
    labels = ["cat", "dog", "cat", "cow", "dog", "cat"]
    program, name = within_a_program(student, rng)
    seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
    kind, out, interned, distinct, _ = readable(seen)
    expect(kind == "list", f"It should return a list; it returned an object of type {show(kind)}.")
    expect(
        out == labels,
        f"From {labels} it made {show(out)}: the labels should be kept, and their order.",
    )
    judge_identity(interned, distinct, labels, f"In {labels}")


@check(points=1, public=True, hint="Is there any label that str() would refuse?")
def test_non_string_is_refused(student):
    """A label that is no str is a TypeError."""

    @student.observe(labels=["cat", "dog", 3])
    def seen(module, labels):
        module.intern_labels(labels[:2])
        try:
            return ["accepted", module.intern_labels(labels)]
        except NotImplementedError:
            raise
        except Exception as error:
            return ["raised", [kind.__name__ for kind in type(error).__mro__]]

    expect(type(seen) is list and len(seen) == 2, "What intern_labels did could not be read.")
    how, found = seen
    expect(
        how == "raised",
        f"['cat', 'dog', 3] was accepted and gave {show(found)}. The number 3 "
        "is no label, and should be a TypeError.",
    )
    good = type(found) is list and len(found) > 0
    expect(
        good and "TypeError" in found,
        f"['cat', 'dog', 3] raised {error_name(found[0]) if good else 'something'}, not TypeError.",
    )


@check(points=2, hint="Every label goes through sys.intern, whatever is in it.")
def test_any_text(student, rng):
    """Labels with spaces, digits, other scripts, no text at all: all kept and all interned."""
    names = some_labels(rng, 3, 0)
    groups = {
        "With labels that look like names": names,
        "With labels that hold spaces": [f"{name} {rng.choice('xyz')}s" for name in names] * 2,
        "With labels that differ in their spaces": [
            space.join(["", name, ""]) for name in names for space in ("", " ", "\t")
        ],
        "With labels that differ in capitals": [*names, *map(str.upper, names), *names],
        "With labels of digits": [str(rng.randint(10, 99)).zfill(4) for _ in range(6)] * 2,
        "With accents of one character or of two": ["K\u00e4se", "Ka\u0308se", *names] * 2,
        "With labels beyond ASCII": rng.choices(["Käse", "小猫", "собака", "naïve 🐈"], k=20),
        "With empty labels and single letters": ["", names[0][0], "", *names],
        "With very long labels": [name * 700 for name in names] * 2,
    }
    program, name = within_a_program(student, rng)
    for what, labels in groups.items():
        seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
        judge(seen, labels, what)


@check(points=1, hint="Append in the order in which the labels come, each time that they come.")
def test_many_labels(student, rng):
    """Many labels of few kinds, few of many, and none."""
    program, name = within_a_program(student, rng)
    for kinds, count, what in (
        (rng.randint(8, 14), rng.randint(1500, 2500), "With many labels of few kinds"),
        (rng.randint(120, 180), rng.randint(200, 400), "With many kinds"),
        (1, rng.randint(9, 30), "With one kind"),
        (0, 0, "With no labels"),
    ):
        labels = some_labels(rng, kinds, count) if kinds else []
        seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
        judge(seen, labels, what)


@check(points=2, hint="A generator can be gone through once, and has no length.")
def test_any_iterable(student, rng):
    """Tuples, iterators, generators and dict keys are accepted."""
    program, name = within_a_program(student, rng)
    for kind, words in (
        ("generator", "a generator"),
        ("iterator", "an iterator"),
        ("tuple", "a tuple"),
        ("dict keys", "the keys of a dict"),
    ):
        labels = some_labels(rng, 8, 60)
        if kind == "dict keys":
            labels = [*dict.fromkeys(labels)]
        seen = program.run(called, labels=labels, program=name, kind=kind, helpers=HELPERS)
        used_up = kind in ("generator", "iterator") and readable(seen)[:2] == ["list", []]
        expect(
            not used_up,
            "From a generator nothing came out: your code goes through the labels "
            "more than once, and there is only one time.",
        )
        judge(seen, labels, f"With labels from {words}")

    @student.observe(labels=some_labels(rng, 3, 6))
    def failed(module, labels):
        def source():
            yield from labels
            raise ConnectionResetError("the file server went away")

        try:
            module.intern_labels(source())
        except Exception:
            return "raised"
        return "returned"

    expect(
        failed == "raised",
        "The source of the labels failed on the way, and the labels before "
        "that came back as if they were all: exceptions are swallowed.",
    )


@check(points=1, hint="Make a new list; the caller may still need the other one.")
def test_input_is_left_alone(student, rng):
    """The result is a new list; the caller's list holds the same objects as before."""
    labels = some_labels(rng, rng.randint(3, 7), rng.randint(20, 40))
    program, name = within_a_program(student, rng)
    seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
    judge(seen, labels, "With a list")
    expect(
        seen[4] is True,
        "The list that was given has been changed or handed back: the result should be a new list.",
    )


@check(points=2, hint="Convert nothing, skip nothing: what is no str is the caller's mistake.")
def test_any_non_string_is_refused(student, rng):
    """None, numbers, bytes, True or a list among the labels are a TypeError of the call."""
    wrong = [None, rng.randint(2, 99), float("nan"), True, b"cat", ["cat"]]
    words = ["None", "an int", "a NaN", "True", "bytes", "a list"]
    labels = some_labels(rng, 4, 12)
    where = [rng.randrange(len(labels) + 1) for _ in wrong]

    @student.observe(labels=labels, wrong=wrong, where=where)
    def seen(module, labels, wrong, where):
        ends = []
        module.intern_labels(labels)
        for label, place in zip(wrong, where, strict=True):
            for lazy in (False, True):
                given = [*labels[:place], label, *labels[place:]]
                try:
                    module.intern_labels((one for one in given) if lazy else given)
                    ends.append("accepted")
                except NotImplementedError:
                    raise
                except Exception as error:
                    names = [kind.__name__ for kind in type(error).__mro__]
                    ends.append("TypeError" if "TypeError" in names else names[0])
        return ends

    expect(type(seen) is list and len(seen) == 2 * len(words), "What it raised could not be read.")
    for end, word in zip(seen, [word for word in words for _ in range(2)], strict=True):
        expect(
            end != "accepted",
            f"With {word} among the labels nothing was raised: it was converted, skipped or "
            "taken as it is. A model would learn it as one more class.",
        )
        expect(
            end == "TypeError",
            f"With {word} among the labels it raised {error_name(end)}, not TypeError.",
        )


@check(points=2, kind="memory", hint="How many strings does your list keep alive, and which?")
def test_keeps_ten_strings(student, rng):
    """About 100 000 labels of few kinds keep at most 0.1x the memory of as many strings."""
    names = sorted(set(some_labels(rng, rng.randint(8, 12), 0)))
    kinds = [f"{name}, {'of the family of ' * 5}{name}" for name in names]
    count = rng.randint(80_000, 120_000)

    # What is kept, not the peak: somebody may well hold all labels while at work.
    program, name = within_a_program(student, rng)

    @program.observe(kinds=kinds, count=count, seed=rng.getrandbits(32), program=name)
    def seen(module, kinds, count, seed, program):
        import gc
        import importlib
        import random
        import sys
        import tracemalloc

        def labels():
            choice = random.Random(seed).choice
            for _ in range(count):
                kind = choice(kinds)
                yield kind[:9] + kind[9:]

        read = importlib.import_module(program).read

        def kept(make, measure):
            gc.collect()
            before = measure()
            result = read(make, labels())
            gc.collect()
            return measure() - before, result

        # Blocks of memory, as Python counts them at any time: a string is one. Then in bytes.
        blocks, result = kept(module.intern_labels, sys.getallocatedblocks)
        distinct = len(set(map(id, result))) if isinstance(result, list) else 0
        del result
        tracemalloc.start()
        traced = lambda: tracemalloc.get_traced_memory()[0]  # noqa: E731
        theirs, result = kept(module.intern_labels, traced)
        right = isinstance(result, list) and all(map(str.__eq__, result, labels()))
        found = [blocks, distinct, theirs, len(result), right]
        del result
        return [*found, kept(list, traced)[0]]

    good = type(seen) is list and [type(part) for part in seen] == [int] * 4 + [bool, int]
    expect(good, "What intern_labels returned could not be read.")
    blocks, distinct, theirs, length, right, naive = seen
    expect(right and length == count, f"Of {count} labels some were lost or changed.")
    expect(
        theirs <= 0.1 * naive,
        f"After the call {theirs / 1e6:.1f} MB are kept; the limit is {naive / 1e7:.1f} MB, 0.1x "
        f"of the {naive / 1e6:.1f} MB of as many separate strings. The strings that came in are "
        "still there, in the list or elsewhere.",
    )
    expect(
        distinct == len(kinds),
        f"Of {count} labels of {len(kinds)} kinds there are {distinct} strings in the list.",
    )
    expect(
        blocks <= 0.1 * count,
        f"After the call there were {blocks} more objects in memory than "
        f"before it. The {count} strings that came in are still there.",
    )


HELPERS = (copied,)
