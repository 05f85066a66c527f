"""Who computes the items: how many processes, in which chunks, started how."""

import os
import time
from pathlib import Path

from autograder.checks import check, expect, fail
from autograder.judging.vocabulary.evidence import matches, read
from autograder.sandbox.processes import tree, tree_cpu

from .calls import (
    FORK,
    ONE_BY_ONE,
    TASKS,
    as_list,
    at_once,
    call,
    drive,
    in_any_order,
    in_workers,
    judge_sharing,
    numbers_of,
    rows_of,
    worked,
)


@check(points=3, hint="ProcessPoolExecutor takes multiprocessing.get_context(context).")
def test_runs_in_worker_processes(student, rng):
    """A dozen items of 20 ms run in two workers, none in the calling process."""
    # The first one waits until another has begun, so both workers get some.
    jobs = [[n, 0.02, not i] for i, n in enumerate(numbers_of(rng, 12))]
    crew = student.with_files(kata_tasks=TASKS)
    judge_sharing(worked(crew, jobs))
    if Path("/proc/self/schedstat").exists():
        judge_processes(crew, rng)


def judge_children(side):
    """Whatever its children did, they have used CPU time; so says the kernel."""
    if not Path("/proc/self/schedstat").exists():
        return
    stat = Path(f"/proc/{side.worker().pid}/stat").read_text("latin-1")
    used = sum(map(int, stat.rpartition(")")[2].split()[13:15]))
    expect(
        used > 0,
        "For tens of thousands of items, no child of the calling process used any CPU "
        "time: they were computed in that process itself.",
    )


def own_cpu(pid):
    """CPU seconds of one process with its threads, its children left out; 0 when it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) makes it
    except OSError:
        return 0.0


def judge_processes(crew, rng):
    """Items that only compute: whose CPU time is it? Asked of the kernel, from outside."""
    turns = [rng.randint(100_000, 120_000) for _ in range(12)]
    wanted = [pow(16807, number, 2147483647) for number in turns]  # without the work
    tasks = {}
    exec(TASKS, tasks)
    before = time.process_time()
    some = [tasks["burn"](number) for number in turns[:2]]
    spent = (time.process_time() - before) * sum(turns) / sum(turns[:2])
    assert some == wanted[:2]
    for _ in range(3):
        pid, began, busy = crew.worker().pid, time.monotonic(), {}
        before = own_cpu(pid)
        pending = crew.begin(call, task="burn", items=turns, options=FORK)
        while time.monotonic() < began + 5:
            below = tree(pid)[1:]
            busy |= {each: max(busy.get(each, 0), own_cpu(each)) for each in below}
            shares = sum(cpu > 0.04 * spent for cpu in busy.values())
            late = time.monotonic() > began + 1.5
            if shares > 1 or (not below and (busy or late)):  # they have gone, or never came
                break
            time.sleep(0.01)  # a look at the processes costs a millisecond of CPU
        right = in_any_order(as_list(pending.end(), len(wanted)), wanted)
        expect(right, "Items that take a while to compute gave wrong results.")
        own = own_cpu(pid) - before
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


@check(
    points=1, needs=("cores",), hint="len(os.sched_getaffinity(0)) is what this process may use."
)
def test_default_number_of_workers(student, rng):
    """Without `workers`, there are as many as cores that the process may use."""
    jobs = [[n, 0.02, not i] for i, n in enumerate(numbers_of(rng, 12))]
    cores = os.cpu_count() or 1  # a worker for each must be possible
    crew = student.with_files(kata_tasks=TASKS).within(
        processes=96 + 4 * cores, files=512 + 8 * cores, memory=(512 + 16 * cores) << 20
    )
    judge_sharing(worked(crew, jobs, {"context": "fork"}))
    if hasattr(os, "sched_getaffinity"):
        jobs = [[n, 0.03, 0] for n in numbers_of(rng, 6)]
        pinned = crew.on_cores({min(os.sched_getaffinity(0))})
        most, _ = at_once(worked(pinned, jobs, {"context": "fork"}))
        expect(
            most == 1,
            f"In a process that may use one core only, {most} items were in progress at once. "
            "os.cpu_count() counts the machine's cores.",
        )


@check(points=1, hint="Pass `workers` on to the executor.")
def test_no_more_than_workers_at_once(student, rng):
    """At most `workers` items are in progress at the same time."""
    crew = student.with_files(kata_tasks=TASKS)
    for workers, count in ((1, 6), (2, 12), (2, 1)):
        jobs = [[n, 0.04, 0] for n in numbers_of(rng, count)]
        most, _ = at_once(worked(crew, jobs, {**FORK, "workers": workers}))
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
    # does not count, and a busy machine stretches both: they run at the same time.
    jobs = [[n, 0.04, 0] for n in numbers_of(rng, 24)]
    sides = [side.with_files(kata_tasks=TASKS) for side in (student, reference)]
    for _ in range(3):
        gains, options = [], {**FORK, "workers": 3}
        begun = [side.begin(drive, jobs=jobs, options=options) for side in sides]
        for pending in begun:
            most, gain = at_once(in_workers(*rows_of(pending.end(), jobs)))
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
def test_tiny_items_travel_in_chunks(student, baseline, rng):
    """50 000 tiny items cost at most 0.3x what they cost when a Pool sends them one by one."""

    def tiny(module, items):
        import kata_tasks as tasks

        out = module.parallel_map(tasks.square, range(*items), 2, context="fork")
        return [len(out), sum(out), tasks.CALLS] if type(out) is list else out

    # CPU time, because a busy machine adds nothing to it; where /proc is missing, time.
    clock = tree_cpu if Path("/proc/self/stat").exists() else lambda _: time.perf_counter()

    def cost(side, count):
        """Seconds of all the side's processes, and the results checked."""
        start, pid = rng.randint(0, 1000), side.worker().pid
        before = clock(pid)
        seen = side.run(tiny, items=[start, start + count])
        spent = clock(pid) - before
        squares = sum(n * n for n in range(start, start + count))
        fine = type(seen) is list and seen[:2] == [count, squares]
        expect(fine, f"The results of {count} tiny items are wrong.")
        expect(seen[2] == 0, "Tiny items were computed in the calling process, not in workers.")
        return spent

    def start(side):
        """Seconds for two items: what it costs to start the workers."""
        # The lesser of two: one that a call before it made dearer would hide what items cost.
        return min(cost(side, 2), cost(side, 2))

    def each(side, count, started):
        return (cost(side, count) - started) / count

    sides = (student, baseline(ONE_BY_ONE))
    crew, others = (side.with_files(kata_tasks=TASKS).within(wall=40) for side in sides)
    cost(crew, 2)  # the first call imports
    cost(others, 2)
    # Chunks of one come out at 1 and more, and show with fewer items; usual chunks at 0.05.
    # A busy machine could push what lies near the limit to either side: the line is above it.
    for _ in range(2):
        single = max(each(others, 2_500, start(others)), 1e-9)
        started = start(crew)
        ratio = each(crew, 5_000, started) / single
        if ratio < 0.75:
            ratio = each(crew, 50_000, started) / single
        if ratio <= 0.5:
            judge_children(crew)
            return
    fail(
        f"An item costs {ratio:.1f}x what it costs sent by itself; the limit is 0.3x. The items "
        "(or their results) appear to be sent one by one, which costs far more than the work."
    )


@check(points=1, hint="Pass `chunksize` on where it is given; only None leaves the choice to you.")
def test_given_chunksize(student, rng):
    """A given chunksize is how many consecutive items one worker takes."""
    # Two chunks, the first one the larger. Its first item waits until the other is done: were
    # the chunks smaller, the other worker would come for the rest of these items.
    size, tail = rng.randint(13, 19), rng.randint(3, 6)
    numbers = numbers_of(rng, size + tail)
    jobs = [[n, 0.0, tail * (not i)] for i, n in enumerate(numbers)]
    crew = student.with_files(kata_tasks=TASKS)
    pids = {row[0]: row[1] for row in worked(crew, jobs, {**FORK, "chunksize": size})}
    expect(
        all(len({pids[n] for n in chunk}) == 1 for chunk in (numbers[:size], numbers[size:])),
        "Items of one chunk ran in different workers: the chunksize that the caller gives is not "
        "what decides how the items are cut.",
    )
    # Small chunks: the first item waits until another chunk has begun, so the other worker is
    # there, and the third item is not left for this one. On a busy machine it may come late.
    for _ in range(3):
        numbers = numbers_of(rng, 30)
        jobs = [[n, 0.0, 2 * (i == 0)] for i, n in enumerate(numbers)]
        pids = {row[0]: row[1] for row in worked(crew, jobs, {**FORK, "chunksize": 2})}
        first, second, third = (pids[number] for number in numbers[:3])
        if first == second != third:
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
            found = module.parallel_map(tasks.mark, [1, 2, 3], **options)
        except Exception as error:
            # Known by the words of the standard library; anything else is shown as it was raised.
            if "context has already been set" in str(error):
                return ["set", None, own]
            if "pickle" in str(error):
                return ["unpicklable", None, own]
            raise
        return ["kept" if default() == before else "set", found, own]

    crew = student.with_files(kata_tasks=TASKS)

    @crew.observe(items=[(number, 3, "KeyError") for number in range(9)], options=FORK)
    def chosen(module, items, options):
        import multiprocessing

        import kata_tasks as tasks

        multiprocessing.set_start_method("spawn", force=True)
        found = []
        for task in (tasks.same, tasks.picky):
            try:
                module.parallel_map(task, items, **options)
            except KeyError:
                pass
            found.append(multiprocessing.get_start_method())
        return found

    for method, when in zip(read(chosen, [str, str]), ("a result", "an exception"), strict=True):
        expect(
            method == "spawn",
            f'The program had chosen "spawn". After a call with context="fork" that ended with '
            f"{when}, its start method is another.",
        )
    # A spawned worker imports again what the answer imports, torch for example: one has to do.
    crew = student.with_files(kata_tasks=TASKS).within(wall=40)
    for called, options, wanted, has in (
        ('With context="fork"', FORK, mark, "lack"),
        ("By default (spawn)", {"workers": 1}, "as imported", "have"),
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
        rows = as_list(found, 3)
        wrong = matches(rows, [[object, object]] * 3)
        expect(not wrong, f"{called} the results are not what the function returned.")
        here = any(row[1] == caller for row in rows)
        expect(not here, f"{called} items ran in the calling process, not in workers.")
        expect(
            [row[0] for row in rows] == [wanted] * 3,
            f"{called} the workers {has} what the calling process had set in its modules: they "
            "were started in another way, or not by this call.",
        )
