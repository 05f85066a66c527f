"""Hidden grader of ``parallel_map``.

Most checks fork, because a spawned worker costs an interpreter's start. Nothing is decided by
how long anything takes: an item may wait, for a bounded time, until others have begun, and the
workers write down who ran which item from when to when.
"""

import os
import time
import zlib
from pathlib import Path

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.leftovers import polled, processes
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals, kinds_of
from autograder.sandbox.processes import tree, tree_cpu

FORK = {"workers": 2, "context": "fork"}

TASKS = '''
from _thread import get_ident
from os import getpid, listdir, readlink
from time import monotonic, monotonic_ns, sleep
MARK = "as imported"
CALLS = 0
class BadItem(Exception):
    pass
def me(x=None):
    """The process as the kernel calls it, where that can be asked."""
    try:
        return int(readlink("/proc/self"))
    except (OSError, ValueError):
        return getpid()
def square(x):
    global CALLS
    CALLS += 1
    return x * x
def same(x):
    return x
def mark(x):
    return [MARK, me()]
def as_error(x):
    return ValueError(x)
def repeated(item):
    return item[0] * item[1]
def picky(item):
    number, bad, kind = item
    if number == bad:
        raise BadItem(number, "bad") if kind == "BadItem" else KeyError(number)
    return number
def burn(turns):
    number = 1
    for _ in range(turns):
        number = number * 16807 % 2147483647
    return number
def work(item):
    """Take `nap` seconds, but first wait until `others` items have begun (1.5 s at most)."""
    folder, number, nap, others = item
    began = monotonic()
    open(f"{folder}/{number}-{me()}-{monotonic_ns()}", "w").close()
    while len(listdir(folder)) <= others and monotonic() < began + 1.5:
        sleep(0.002)
    sleep(nap)
    return [number, me(), get_ident(), began, monotonic()]
'''


def call(module, task, items, options):
    """What parallel_map returns for a function of ``tasks``."""
    import kata_tasks as tasks

    return module.parallel_map(getattr(tasks, task), items, **options)


def ending(module, task, items, options):
    """How such a call ends: names of the exception's classes and its args, or what came back."""
    import kata_tasks as tasks

    try:
        return [[], type(module.parallel_map(getattr(tasks, task), items, **options)).__name__]
    except NotImplementedError:
        raise
    except Exception as error:
        return [kinds_of(error), list(error.args)]


def drive(module, jobs, options):
    """Map ``tasks.work`` over jobs (number, nap, others): own pid, results, calls counted."""
    import os
    import tempfile

    import kata_tasks as tasks

    folder = tempfile.mkdtemp()
    result = module.parallel_map(tasks.work, [(folder, *job) for job in jobs], **options)
    return [tasks.me(), result, len(os.listdir(folder))]


# -- reading the evidence ------------------------------------------------------------------


def _listed(result, count):
    """The results, if they are a list with one for each of ``count`` items."""
    kind = getattr(result, "type_name", type(result).__name__)
    expect(result is not None, "parallel_map returned None.")
    expect(type(result) is list, f"parallel_map returned a {kind}, not a list.")
    lost = " Some are lost." if len(result) < count else ""
    expect(len(result) == count, f"{count} items gave {len(result)} results.{lost}")
    return result


def _rows(seen, jobs):
    """The pid of the caller, and for each item its number, pid, thread, begin and end."""
    caller, result, _ = read(seen, [int, object, object], "What the workers did")
    rows = _listed(result, len(jobs))
    wrong = matches(rows, list[[int, int, int, float, float]])
    expect(not wrong, "The list holds something else than what the function returned.")
    once = sorted(row[0] for row in rows) == sorted(job[0] for job in jobs)
    expect(once, "Some items have no result and others have two.")
    return caller, rows


def _in_workers(caller, rows):
    """The rows, none of which may be of the caller's own process."""
    here = [row for row in rows if row[1] == caller]
    expect(
        len(here) < len(rows) or len({row[2] for row in here}) == 1,
        "The items ran in threads of the calling process: they share its GIL, so Python code "
        "gets no faster. Use processes.",
    )
    expect(
        not here,
        f"{len(here)} of {len(rows)} items ran in the calling process itself; the function "
        "belongs in worker processes only.",
    )
    return rows


def _worked(crew, jobs, options=FORK):
    """What the workers did with the jobs: a row for each."""
    return _in_workers(*_rows(crew.run(drive, jobs=jobs, options=options), jobs))


def _judge_sharing(rows):
    """At least two workers had a part."""
    expect(
        len({row[1] for row in rows}) > 1,
        f"All {len(rows)} slow items ran in one worker process: either there is only one, or one "
        "chunk is so big that it holds every item.",
    )


def _at_once(rows):
    """Most items in progress at the same time, and how many on average."""
    steps = sorted([(row[3], 1) for row in rows] + [(row[4], -1) for row in rows])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    span = steps[-1][0] - steps[0][0]
    return most, sum(row[4] - row[3] for row in rows) / max(span, 1e-9)


def _numbers(rng, count):
    return rng.sample(range(10_000), count)


# -- values --------------------------------------------------------------------------------


@check(points=1, public=True, hint="One result an item, in the items' order, in a list.")
def test_maps_a_list(student):
    """parallel_map(square, [5, 3, 8, 1, 9, 2]) is [25, 9, 64, 1, 81, 4]."""
    crew, wanted = student.with_files(kata_tasks=TASKS), [25, 9, 64, 1, 81, 4]
    seen = _listed(crew.run(call, task="square", items=[5, 3, 8, 1, 9, 2], options=FORK), 6)
    mixed = seen != wanted and sorted(map(repr, seen)) == sorted(map(repr, wanted))
    expect(not mixed, f"The results are right but not in the order of the items: {show(seen)}.")
    expect(seen == wanted, f"It should return {wanted}; yours returned {show(seen)}.")


@check(points=1, public=True, hint="How many workers does your code start for no items?")
def test_no_items(student):
    """No items give an empty list, from a list and from a generator."""

    @student.with_files(kata_tasks=TASKS).observe(options=FORK)
    def seen(module, options):
        import kata_tasks as tasks

        nothing = [[], (x for x in [])]
        return [module.parallel_map(tasks.square, items, **options) for items in nothing]

    expect(seen == [[], []], f"No items should give [] each time; yours gave {show(seen)}.")


@check(points=1, hint="A generator has neither len() nor slices; list(items) has both.")
def test_any_iterable(student, rng):
    """Generators and mappings work, whatever their length."""
    wanted = [_numbers(rng, n) for n in (rng.randint(40, 60), rng.randint(40, 60), 1, 2, 3, 17)]

    @student.with_files(kata_tasks=TASKS).observe(wanted=wanted, options=FORK)
    def seen(module, wanted, options):
        import kata_tasks as tasks

        sources = [dict.fromkeys(wanted[0]), *((n for n in numbers) for numbers in wanted[1:])]
        return [module.parallel_map(tasks.square, items, **options) for items in sources]

    for got, items in zip(read(seen, [object] * len(wanted)), wanted, strict=True):
        squares = [n * n for n in items]
        mixed = sorted(map(repr, _listed(got, len(items)))) == sorted(map(repr, squares))
        what = "in another order than the items" if mixed else "wrong"
        expect(got == squares, f"With an iterable of {len(items)} items the results are {what}.")


@check(points=2, hint="map waits for its turn; imap_unordered and as_completed do not.")
def test_order_of_the_items(student, rng):
    """The first item is ready last, and its result still comes first."""
    # It waits until a third of the others have begun, so one whole chunk or more is ready.
    numbers = _numbers(rng, 24)
    jobs = [[n, 0.01 * (not i), 9 * (not i)] for i, n in enumerate(numbers)]
    seen = student.with_files(kata_tasks=TASKS).run(drive, jobs=jobs, options=FORK)
    expect(
        [row[0] for row in _rows(seen, jobs)[1]] == numbers,
        "The results are not in the order of the items but in another, such as that in which "
        "they were ready: a slow first item does not come first.",
    )
    expect(seen[2] == 24, f"The function was called {show(seen[2])} times for 24 items.")


@check(points=1, hint="Each item is one argument, also a tuple; keep results by position.")
def test_any_items_and_results(student, rng):
    """None, equal items, lists, tuples and returned exceptions are values like others."""
    a, b = rng.sample(range(10_000), 2)
    items = [a, None, [a, b], b, {"a": b}, a, False, "", (a, b), None, [], a, 0.0]
    crew = student.with_files(kata_tasks=TASKS)
    got = _listed(crew.run(call, task="same", items=items, options=FORK), len(items))
    for mine, item in zip(got, items, strict=True):
        what = "A list" if type(item) is list else f"An item of type {type(item).__name__}"
        expect(
            same(mine, item), f"{what} did not come through: something else stands in its place."
        )

    @crew.observe(items=[a, b], options=FORK)
    def seen(module, items, options):
        import kata_tasks as tasks

        try:
            found = module.parallel_map(tasks.as_error, items, **options)
        except ValueError:
            return "raised"
        return [[type(error).__name__, list(error.args)] for error in found]

    expect(seen != "raised", "An exception that the function only returned was raised.")
    wanted = [["ValueError", [a]], ["ValueError", [b]]]
    expect(seen == wanted, "Exception objects that the function returned did not come through.")


@check(
    points=1,
    hint="A process that has put much into a queue ends only when that has been read: read the "
    "results first, then join.",
)
def test_large_results(student, rng):
    """Results larger than a pipe holds come back."""
    items = [(chr(rng.randint(97, 122)), 150_000 + rng.randint(0, 999)) for _ in range(10)]

    @student.with_files(kata_tasks=TASKS).observe(items=items, options=FORK)
    def seen(module, items, options):
        import zlib

        import kata_tasks as tasks

        result = module.parallel_map(tasks.repeated, items, **options)
        return [zlib.crc32(text.encode()) for text in result]

    wanted = [zlib.crc32((letter * size).encode()) for letter, size in items]
    expect(_listed(seen, 10) == wanted, "Results of 150 kB each did not come back as they were.")


# -- processes -----------------------------------------------------------------------------


@check(points=3, hint="multiprocessing.get_context(context) has Pool and Process.")
def test_runs_in_worker_processes(student, rng):
    """A dozen items of 50 ms run in two workers, none in the calling process."""
    jobs = [[n, 0.05, not i] for i, n in enumerate(_numbers(rng, 12))]
    crew = student.with_files(kata_tasks=TASKS)
    _judge_sharing(_worked(crew, jobs))
    if Path("/proc/self/schedstat").exists():
        _judge_processes(crew, rng)


def _judge_children(side):
    """Whatever its children did, they have used CPU time; so says the kernel."""
    if not Path("/proc/self/schedstat").exists():
        return
    stat = Path(f"/proc/{side.worker().pid}/stat").read_text()
    used = sum(map(int, stat.rpartition(")")[2].split()[13:15]))
    expect(
        used > 0,
        "For tens of thousands of items, no child of the calling process used any CPU "
        "time: they were computed in that process itself.",
    )


def _own_cpu(pid):
    """CPU seconds of one process with its threads, its children left out; 0 when it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) makes it
    except OSError:
        return 0.0


def _judge_processes(crew, rng):
    """Items that only compute: whose CPU time is it? Asked of the kernel, from outside."""
    turns = [rng.randint(250_000, 300_000) for _ in range(12)]
    tasks = {}
    exec(TASKS, tasks)
    before = time.process_time()
    wanted = [tasks["burn"](number) for number in turns]
    spent = time.process_time() - before
    for _ in range(3):
        pid, began, busy = crew.worker().pid, time.monotonic(), {}
        before = _own_cpu(pid)
        pending = crew.begin(call, task="burn", items=turns, options=FORK)
        while time.monotonic() < began + 5:
            below = tree(pid)[1:]
            busy |= {each: max(busy.get(each, 0), _own_cpu(each)) for each in below}
            shares = sum(cpu > 0.04 * spent for cpu in busy.values())
            late = time.monotonic() > began + 1.5
            if shares > 1 or (not below and (busy or late)):  # they have gone, or never came
                break
            time.sleep(0.002)
        expect(pending.end() == wanted, "Items that take a while to compute gave wrong results.")
        own = _own_cpu(pid) - before
        if shares > 1 and own < 0.5 * spent:
            return
    if own < 0.5 * spent:
        fail(
            "A dozen items that compute were not shared out: never did two worker processes use "
            "the CPU."
        )
    fail(
        "The CPU time of a dozen items that compute was that of the calling process: the items ran "
        "there, in threads perhaps, whatever process ids they saw. Use processes."
    )


@check(points=1, needs=("cores",), hint="os.sched_getaffinity(0) or os.cpu_count().")
def test_default_number_of_workers(student, rng):
    """Without `workers`, more than one core is used."""
    jobs = [[n, 0.05, not i] for i, n in enumerate(_numbers(rng, 12))]
    cores = os.cpu_count() or 1  # whoever starts a worker for each must be able to
    crew = student.with_files(kata_tasks=TASKS).within(
        processes=96 + 4 * cores, files=512 + 8 * cores, memory=(512 + 16 * cores) << 20
    )
    _judge_sharing(_worked(crew, jobs, {"context": "fork"}))


@check(points=1, hint="Pass `workers` on to the pool.")
def test_no_more_than_workers_at_once(student, rng):
    """At most `workers` items are in progress at the same time."""
    crew = student.with_files(kata_tasks=TASKS)
    for workers, count in ((1, 6), (2, 12), (2, 1)):
        jobs = [[n, 0.04, 0] for n in _numbers(rng, count)]
        most, _ = _at_once(_worked(crew, jobs, {**FORK, "workers": workers}))
        expect(
            most <= workers,
            f"With workers={workers}, {most} items were in progress at once: the number of workers "
            "does not follow the argument.",
        )


@check(
    points=2,
    kind="performance",
    needs=("cores",),
    hint="Hand out all the items first, then wait for the results.",
)
def test_slow_items_run_at_once(student, reference, rng):
    """The speed-up with slow items is at least 0.6x that of the reference."""
    # Time spent in items over the time from the first begin to the last end: starting the pool
    # does not count, and a busy machine stretches both.
    jobs = [[n, 0.04, 0] for n in _numbers(rng, 24)]
    sides = [side.with_files(kata_tasks=TASKS) for side in (student, reference)]
    for _ in range(3):
        gains = []
        for side in sides:
            most, gain = _at_once(_worked(side, jobs, {**FORK, "workers": 3}))
            expect(
                most > 1,
                "Never more than one item was in progress: each waits for the one before it, as in "
                "a loop over pool.apply or submit(…).result(). All workers but one are idle.",
            )
            gains.append(gain)
        if gains[0] >= 0.6 * gains[1]:
            return
    fail(
        f"Three workers did {gains[0]:.1f} items at a time on average; the reference did "
        f"{gains[1]:.1f}, and the limit is 0.6x that. Do some workers get no work?"
    )


@check(
    points=3,
    kind="performance",
    hint="Send many small items in one message: see `chunksize` of Pool.map and Executor.map.",
)
def test_tiny_items_travel_in_chunks(student, reference, rng):
    """50 000 tiny items cost at most 0.3x what they cost with chunksize=1."""

    def tiny(module, items, chunksize):
        import kata_tasks as tasks

        out = module.parallel_map(tasks.square, range(*items), 2, chunksize, context="fork")
        return [len(out), sum(out), tasks.CALLS] if type(out) is list else out

    # CPU time, because a busy machine adds nothing to it; where /proc is missing, time.
    clock = tree_cpu if Path("/proc/self/stat").exists() else lambda _: time.perf_counter()

    def cost(side, count, chunksize):
        """Seconds of all the side's processes, and the results checked."""
        start, pid = rng.randint(0, 1000), side.worker().pid
        before = clock(pid)
        seen = side.run(tiny, items=[start, start + count], chunksize=chunksize)
        spent = clock(pid) - before
        squares = sum(n * n for n in range(start, start + count))
        fine = type(seen) is list and seen[:2] == [count, squares]
        expect(fine, f"The results of {count} tiny items are wrong.")
        expect(seen[2] == 0, "Tiny items were computed in the calling process, not in workers.")
        return spent

    def each(side, count, chunksize):
        """Seconds an item; what two items cost, the start of the workers, is taken off."""
        # The lesser of two: one that a call before it made dearer would hide what items cost.
        start = min(cost(side, 2, chunksize), cost(side, 2, chunksize))
        return (cost(side, count, chunksize) - start) / count

    crew, others = (side.with_files(kata_tasks=TASKS) for side in (student, reference))
    cost(crew, 2, None)  # the first call imports
    cost(others, 2, 1)
    # Chunks of one come out at 1 and more, and show with fewer items; usual chunks at 0.05.
    # A busy machine could push what lies near the limit to either side: the line is above it.
    for _ in range(2):
        ratio = each(crew, 10_000, None) / max(each(others, 10_000, 1), 1e-9)
        if ratio < 0.75:
            ratio = each(crew, 50_000, None) / max(each(others, 20_000, 1), 1e-9)
        if ratio <= 0.5:
            _judge_children(crew)
            return
    fail(
        f"An item costs {ratio:.1f}x what it costs with chunksize=1; the limit is 0.3x. The items "
        "(or their results) appear to be sent one by one, which costs far more than the work."
    )


@check(points=1, hint="Pass `chunksize` on where it is given; only None leaves the choice to you.")
def test_given_chunksize(student, rng):
    """A given chunksize is how many consecutive items one worker takes."""
    # Two chunks, the first one the larger. Its first item waits until the other is done: were
    # the chunks smaller, the other worker would come for the rest of these items.
    size, tail = rng.randint(13, 19), rng.randint(3, 6)
    numbers = _numbers(rng, size + tail)
    jobs = [[n, 0.0, tail * (not i)] for i, n in enumerate(numbers)]
    crew = student.with_files(kata_tasks=TASKS)
    pids = {row[0]: row[1] for row in _worked(crew, jobs, {**FORK, "chunksize": size})}
    expect(
        all(len({pids[n] for n in chunk}) == 1 for chunk in (numbers[:size], numbers[size:])),
        "Items of one chunk ran in different workers: the chunksize that the caller gives is not "
        "what decides how the items are cut.",
    )
    # Small chunks: the first item waits until another chunk has begun, so the other worker is
    # there, and the third item is not left for this one. On a busy machine it may come late.
    for _ in range(3):
        numbers = _numbers(rng, 30)
        jobs = [[n, 0.0, 2 * (i == 0)] for i, n in enumerate(numbers)]
        pids = [row[1] for row in _worked(crew, jobs, {**FORK, "chunksize": 2})]
        if pids[0] == pids[1] != pids[2]:
            return
    fail(
        "With chunksize=2 the first worker took more than two items, or less, though the other "
        "one was free: the chunksize that the caller gives is not what decides."
    )


@check(
    points=2,
    hint="Use the context's own Pool or Process, or pass it as mp_context. Spawned workers import "
    "your module afresh: what the call has put into a global is not there.",
)
def test_start_methods(student, rng):
    """`context` names the start method, spawn by default, and changes no other."""
    mark = f"set to {rng.randint(0, 10**6)}"

    def marks(module, mark, options):
        import multiprocessing

        import kata_tasks as tasks

        def default():
            chosen = multiprocessing.get_start_method(allow_none=True)
            return chosen or multiprocessing.get_all_start_methods()[0]

        before, tasks.MARK, own = default(), mark, tasks.me()
        try:
            found = module.parallel_map(tasks.mark, [1, 2, 3], workers=2, **options)
        except Exception as error:
            # Known by the words of the standard library; anything else is shown as it was raised.
            if "context has already been set" in str(error):
                return ["set", None, own]
            if "pickle" in str(error):
                return ["unpicklable", None, own]
            raise
        return ["kept" if default() == before else "set", found, own]

    # A spawned worker imports again what the answer imports, torch for example.
    crew = student.with_files(kata_tasks=TASKS).within(wall=40)
    for called, options, wanted, has in (
        ('With context="fork"', {"context": "fork"}, mark, "lack"),
        ("By default (spawn)", {}, "as imported", "have"),
    ):
        seen = crew.run(marks, mark=mark, options=options)
        how, found, caller = read(seen, [str, object, int])
        expect(
            how != "unpicklable",
            f"{called} something that your code gives to its workers does not pickle. What they "
            "run must be a function at the top of a module: not nested, no lambda.",
        )
        expect(
            how != "set",
            f"{called} the call sets the start method of the whole program, which may have set "
            "its own. multiprocessing.get_context gives one for this call alone.",
        )
        rows = _listed(found, 3)
        wrong = matches(rows, [[object, object]] * 3)
        expect(not wrong, f"{called} the results are not what the function returned.")
        here = any(row[1] == caller for row in rows)
        expect(not here, f"{called} items ran in the calling process, not in workers.")
        expect(
            [row[0] for row in rows] == [wanted] * 3,
            f"{called} the workers {has} what the calling process had set in its modules: they "
            "were started in another way, or not by this call.",
        )


# -- errors and the end --------------------------------------------------------------------


@check(points=2, hint="Pool and executor bring the exception back by themselves: let it pass.")
def test_error_reaches_the_caller(student, rng):
    """An exception of the function reaches the caller with its own type and args."""
    crew, numbers = student.with_files(kata_tasks=TASKS), _numbers(rng, 20)
    for kind in ("BadItem", "KeyError"):
        bad = rng.choice(numbers[3:])
        items = [(n, bad, kind) for n in numbers]
        seen = crew.run(ending, task="picky", items=items, options=FORK)
        kinds, rest = read(seen, [list, object], "How the call ended")
        expect(
            len(kinds) > 0,
            f"The function raised {kind} for one item, but parallel_map returned a "
            f"{show(rest)} as if nothing had happened.",
        )
        expect(
            kinds[0] == kind,
            f"The function raised {kind}; the caller got {show(kinds[0])} instead, and its "
            f"`except {kind}` does not do what it is for.",
        )
        right = same(rest, [bad, "bad"] if kind == "BadItem" else [bad])
        expect(right, f"The {kind} that the caller got has not the args of the original.")


@check(points=2, hint="with …Pool(…) as pool: whatever happens inside, the workers end.")
def test_no_process_is_left(student, rng):
    """No worker is left running, after a result and after an exception."""
    numbers = _numbers(rng, 30)
    bad = rng.choice(numbers[3:])
    items = [(n, bad, "BadItem") for n in numbers]

    @student.with_files(kata_tasks=TASKS).observe(items=items, options=FORK)
    def seen(module, items, options):
        import kata_tasks as tasks

        if tasks.me() in module.parallel_map(tasks.me, range(40), **options):
            return "no workers"
        left = [polled(processes)]
        try:
            module.parallel_map(tasks.picky, items, **options)
        except NotImplementedError:
            raise
        except Exception:
            left.append(polled(processes))  # here, while the exception still holds on to its frames
        return left

    expect(seen != "no workers", "Items were computed in the calling process, not in workers.")
    read(seen, list[int], "Which processes are left")
    expect(len(seen) in (1, 2), "Which processes are left could not be read.")
    expect(
        seen[0] == 0,
        f"{seen[0]} processes were still running 3 s after the call had returned: the workers are "
        "never told to end.",
    )
    expect(len(seen) == 2, "An exception of the function did not come out of the call.")
    expect(
        seen[1] == 0,
        f"{seen[1]} processes were still running 3 s after the function had raised: the workers "
        "are ended only where all goes well. A `with` or `finally` ends them in any case.",
    )


@check(points=1, hint="`workers or default` is the default for 0, too; ask `is None`.")
def test_arguments_are_checked(student, rng):
    """workers or chunksize below 1, or an unknown start method, is a ValueError."""
    crew = student.with_files(kata_tasks=TASKS)

    def refused(module, options):
        import kata_tasks as tasks

        return module.parallel_map(tasks.square, [1, 2, 3], **options)

    wrong = {"context='thread'": {"context": "thread"}}
    for name in ("workers", "chunksize"):
        wrong |= {f"{name}=0": {name: 0}, f"a negative {name}": {name: -rng.randint(1, 9)}}
    cases = {what: {"options": {**FORK, **options}} for what, options in wrong.items()}
    accepted = "{What} was accepted; it should be a ValueError."
    expect_refusals(crew, refused, cases, Refusal("ValueError", accepted=accepted))
