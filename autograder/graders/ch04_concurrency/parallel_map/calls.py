"""Hidden grader of ``parallel_map``.

Most checks fork, because a spawned worker costs an interpreter's start. Nothing is decided by
how long anything takes: an item may wait, for a bounded time, until others have begun, and the
workers write down who ran which item from when to when.
"""

from autograder.checks import expect
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.refusals import kinds_of

FORK = {"workers": 2, "context": "fork"}

ONE_BY_ONE = """
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    with get_context(context).Pool(workers) as pool:
        return pool.map(function, items, 1)
"""

TASKS = '''
import builtins
from _thread import get_ident
from os import getpid, kill, listdir, readlink
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
def square_late(x):
    sleep(0.2 * (x == 5))
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
        raise BadItem(number, "bad") if kind == "BadItem" else getattr(builtins, kind)(number)
    return number
def doomed(item):
    number, bad, caller = item
    if number == bad:
        if me() == caller:
            raise RuntimeError("not in a worker")
        kill(getpid(), 9)
    return number
def fails_at_once(number):
    if number:
        sleep(1.2)
    else:
        sleep(0.1)
        raise BadItem(number)
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


def as_list(result, count):
    """The results, if they are a list with one for each of ``count`` items."""
    kind = getattr(result, "type_name", type(result).__name__)
    expect(result is not None, "parallel_map returned None.")
    expect(type(result) is list, f"parallel_map returned a {kind}, not a list.")
    lost = " Some are lost." if len(result) < count else ""
    expect(len(result) == count, f"{count} items gave {len(result)} results.{lost}")
    return result


def in_any_order(found, wanted):
    """Whether these are the wanted results. Their order is for the checks of order: where workers
    decide it, it is another one each time, and so would be the marks."""
    return sorted(map(repr, found)) == sorted(map(repr, wanted))


def rows_of(seen, jobs):
    """The pid of the caller, and for each item its number, pid, thread, begin and end."""
    caller, result, _ = read(seen, [int, object, object], "What the workers did")
    rows = as_list(result, len(jobs))
    wrong = matches(rows, list[[int, int, int, float, float]])
    expect(not wrong, "The list holds something else than what the function returned.")
    once = sorted(row[0] for row in rows) == sorted(job[0] for job in jobs)
    expect(once, "Some items have no result and others have two.")
    return caller, rows


def in_workers(caller, rows):
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


def worked(crew, jobs, options=FORK):
    """What the workers did with the jobs: a row for each."""
    return in_workers(*rows_of(crew.run(drive, jobs=jobs, options=options), jobs))


def judge_sharing(rows):
    """At least two workers had a part."""
    expect(
        len({row[1] for row in rows}) > 1,
        f"All {len(rows)} slow items ran in one worker process: either there is only one, or one "
        "chunk is so big that it holds every item.",
    )


def at_once(rows):
    """Most items in progress at the same time, and how many on average."""
    steps = sorted([(row[3], 1) for row in rows] + [(row[4], -1) for row in rows])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    span = steps[-1][0] - steps[0][0]
    return most, sum(row[4] - row[3] for row in rows) / max(span, 1e-9)


def numbers_of(rng, count):
    return rng.sample(range(10_000), count)
