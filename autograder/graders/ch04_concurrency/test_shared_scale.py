"""Hidden grader of ``shared_scale``.

The calling process keeps account of the blocks that are made, the children that are started and
the bytes that go to and fro. Where the memory of a result lies is asked before it is read, since
a view of freed memory ends the process. Factors and numbers are small: every product is exact.
"""

import os
import time
from pathlib import Path

import numpy as np

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import polled, shared_blocks
from autograder.judging.vocabulary.refusals import kinds_of
from autograder.sandbox.processes import tree_cpu

TASKS = '''
import os
import tempfile
from os import getpid, readlink
from time import monotonic, sleep


def me():
    """The process as the kernel calls it, where that can be asked."""
    try:
        return int(readlink("/proc/self"))
    except (OSError, ValueError):
        return getpid()


class Factor(float):
    """A float that writes down, into the file `path`, which process multiplies how much.

    Children, unless `alone`, wait with their first product until another is at work as well, for
    8 s at most: that it does not come is written down as the size -1.
    """

    waited = False

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [float(one) if isinstance(one, Factor) else one for one in inputs]
        size = max(getattr(one, "size", 1) for one in plain)
        self.write(size)
        if not (self.alone or Factor.waited or me() == self.caller):
            Factor.waited = True
            until = monotonic() + 8
            while len(self.processes() - {self.caller}) < 2 and monotonic() < until:
                sleep(0.005)
            if len(self.processes() - {self.caller}) < 2:
                self.write(-1)
        return getattr(ufunc, method)(*plain, **options)

    def write(self, size):
        with open(self.path, "a") as log:
            log.write(f"{me()} {size}\\n")

    def processes(self):
        with open(self.path) as log:
            return {int(line.split()[0]) for line in log if line.endswith("\\n")}


def noted(value, alone=True):
    """Such a factor, with a file of its own."""
    handle, path = tempfile.mkstemp()
    os.close(handle)
    factor = Factor(value)
    factor.path, factor.caller, factor.alone = path, me(), alone
    return factor


def at_home(factor):
    """How many elements the calling process has multiplied by it."""
    with open(factor.path) as log:
        lines = [line.split() for line in log]
    return sum(int(size) for pid, size in lines if int(pid) == factor.caller)


class Uneven(float):
    """A float that cannot multiply the part with -1 in it, and takes its time for the others."""

    slept = False
    begun = os.path.join(tempfile.gettempdir(), "uneven.begun")
    failed = os.path.join(tempfile.gettempdir(), "uneven.failed")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [float(one) if isinstance(one, Uneven) else one for one in inputs]
        if any((one == -1).any() for one in plain if hasattr(one, "any")):
            # Not before the others are at work: a child that comes late finds no block, and ends.
            until = monotonic() + 3
            while not os.path.exists(self.begun) and monotonic() < until:
                sleep(0.01)
            open(self.failed, "w").close()
            raise TypeError("not with -1")
        if not Uneven.slept:
            Uneven.slept = True
            open(self.begun, "w").close()
            sleep(3)
        return getattr(ufunc, method)(*plain, **options)
'''

QUEUES = """
from multiprocessing import Process, Queue

import numpy as np


def work(jobs, done):
    place, part, factor = jobs.get()
    done.put((place, part * factor))


def shared_scale(array, factor, workers=2):
    jobs, done = Queue(), Queue()
    children = [Process(target=work, args=(jobs, done)) for _ in range(workers)]
    for child in children:
        child.start()
    for place, part in enumerate(np.array_split(array, workers)):
        jobs.put((place, part, factor))
    parts = dict(done.get() for _ in children)
    for child in children:
        child.join()
    return np.concatenate([parts[place] for place in range(workers)])
"""


# -- in the sandbox ------------------------------------------------------------------------


def seen_of(result):
    """``[kind, place, array]`` of a result, the array only if it can be read.

    ``place`` is "own", "shared" (a mapping that others can see) or "nowhere" (unmapped).
    """
    import os

    import numpy

    if type(result) is not numpy.ndarray:
        return [type(result).__name__, "own", None]
    place, address = "own", result.__array_interface__["data"][0]
    if os.path.exists("/proc/self/maps"):
        place = "nowhere"
        with open("/proc/self/maps") as maps:
            for line in maps:
                span, rights = line.split()[:2]
                low, high = (int(end, 16) for end in span.split("-"))
                if low <= address < high:
                    place = "shared" if rights.endswith("s") else "own"
    return ["ndarray", place, result.copy() if place == "own" else None]


def accounted(call):
    """``[how, result, account]`` of ``call()``; how it ended is "returned" or a type's name.

    The account holds whole numbers: ``blocks`` made and their ``size`` together, how many are
    ``left``, ``children`` started, how many are ``alive`` a second later, and the bytes that
    ``moved`` through connections and pickles.
    """
    import io
    import multiprocessing
    import os
    import subprocess
    from multiprocessing import connection, process, reduction
    from multiprocessing.shared_memory import SharedMemory

    account = dict.fromkeys(("blocks", "size", "left", "children", "alive", "moved"), 0)
    names, forks, programs, back = [], [], [], []

    def replace(owner, name, make):
        back.append((owner, name, getattr(owner, name)))
        setattr(owner, name, make(getattr(owner, name)))

    def noting(original):
        def __init__(self, *arguments, **options):
            original(self, *arguments, **options)
            if options.get("create", len(arguments) > 1 and arguments[1]):
                names.append(self.name)
                account["blocks"] += 1
                account["size"] += self.size

        return __init__

    def starting(original):
        def start(self):
            # A manager's server is a process, but none that works on the array.
            account["children"] += getattr(self._target, "__name__", "") != "_run_server"
            return original(self)

        return start

    def running(original):
        def __init__(self, *arguments, **options):
            original(self, *arguments, **options)
            programs.append(self)

        return __init__

    def counting(original):
        def wrapper(self, *arguments):
            got = original(self, *arguments)  # None from _send_bytes(buffer)
            account["moved"] += len(arguments[0]) if got is None else got.getbuffer().nbytes
            return got

        return wrapper

    def dumping(original):
        def dump(thing, file, protocol=None):
            buffer = io.BytesIO()
            original(thing, buffer, protocol)
            account["moved"] += len(buffer.getvalue())
            file.write(buffer.getvalue())

        return dump

    def left():
        found = []
        for name in names:
            try:
                found.append(SharedMemory(name=name))
                found[-1].close()
            except OSError:
                pass
        return found

    replace(SharedMemory, "__init__", noting)
    replace(process.BaseProcess, "start", starting)
    replace(subprocess.Popen, "__init__", running)
    replace(reduction, "dump", dumping)
    pipe = getattr(connection, "PipeConnection", connection.Connection)  # Windows has both
    for kind in {connection.Connection, pipe}:
        replace(kind, "_send_bytes", counting)
        replace(kind, "_recv_bytes", counting)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lambda: forks.append(1))
    result, how = None, "returned"
    try:
        result = call()
    except NotImplementedError:
        raise
    except Exception as error:
        how = kinds_of(error, ("ValueError",))[0]
    finally:
        for owner, name, original in back:
            setattr(owner, name, original)
    # By os.fork() alone, or as programs: a Popen with `preexec_fn` is both.
    account["children"] = account["children"] or max(len(forks), len(programs))
    account["alive"] = polled(lambda: len(multiprocessing.active_children()), seconds=1)
    account["left"] = len(found := left())
    for block in found:
        block.unlink()  # the next call begins with none
    return [how, result, account]


def watched(module, array, factor, options):
    """``[how, what is seen of the result, account, the array afterwards]`` of one call."""
    how, result, account = accounted(lambda: module.shared_scale(array, factor, **options))
    return [how, seen_of(result), account, array]


def half(module, rows, factor):
    """Scale ``1000 * rows`` numbers of float16: ``[[size, dtype, some of them], left]``.

    Nothing is replaced meanwhile. ``left`` is how many files are in /dev/shm that were not there
    before: that is where blocks lie on Linux.
    """
    import numpy

    before = set(shared_blocks())
    array = numpy.tile(numpy.arange(1000, dtype=numpy.float16), rows)
    result = module.shared_scale(array, factor, workers=2)
    left = len(set(shared_blocks()) - before)
    return [[result.size, result.dtype.name, result[:: 1 + rows].copy()], left]


def scaled(module, array, factor, layout, workers):
    """``[what is seen of the result, its dtype, the array afterwards]`` of a call.

    Arrays travel in the machine's own byte order.
    """
    array = arranged(array, layout)
    result = module.shared_scale(array, factor, workers=workers)
    kind, place, found = seen_of(result)
    if found is not None:
        found = found.astype(found.dtype.newbyteorder("="))
    dtype = str(getattr(result, "dtype", ""))
    return [[kind, place, found], dtype, array.astype(array.dtype.newbyteorder("="))]


def arranged(array, layout):
    """A view of the array, in most layouts not contiguous."""
    if layout == "every second":
        return array[::2, 1:]
    if layout == "other byte order":
        return array.astype(array.dtype.newbyteorder())
    return {"transposed": array.T, "reversed": array[::-1]}.get(layout, array)


# -- on the judge's side -------------------------------------------------------------------


def product(seen, array, factor, what="The result"):
    """Expect that a result is ``array`` times ``factor``, in memory of its own."""
    kind, place, found = read(seen, [str, str, object])
    if kind != "ndarray":
        fail("shared_scale returned None." if kind == "NoneType" else "That is no NumPy array.")
    expect(
        place == "own",
        f"{what} has no memory of its own: it is a view of the shared block. With the block gone, "
        "reading it ends the whole process. Copy it before the block is closed.",
    )
    read(found, np.ndarray)
    wanted = array * array.dtype.type(factor)
    expect(found.shape == wanted.shape, f"{what} has another shape than the array.")
    expect(found.dtype == wanted.dtype, f"{what} has another dtype than the array.")
    expect(
        not same(found, array) or same(wanted, array),
        f"{what} is not scaled: what the children multiplied was not the block itself.",
    )
    wrong = int(np.count_nonzero(found != wanted))
    expect(wrong == 0, f"{what}: {wrong} elements are not the product.")


def account_of(seen):
    """The account of a call, with whole numbers in it."""
    account = read(seen, [object, object, dict, object])[2]
    names = ("blocks", "size", "left", "children", "alive", "moved")
    read([account.get(name) for name in names], [int] * 6)
    return account


def tidy(seen, when):
    """Expect that no block and no child is left."""
    account = account_of(seen)
    expect(
        account["left"] == 0,
        f"{when} the shared block still existed: nobody had called unlink(). It takes memory "
        "until the program ends, and longer if that is killed.",
    )
    expect(account["alive"] == 0, f"{when} {account['alive']} children were still running.")


def ended_well(seen):
    how = read(seen, [str, object, object, object])[0]
    if how != "returned":
        fail(f"shared_scale raised {error_name(how)}.")


def noted_call(student, array, factor):
    """What was seen of a call with two workers, in which the calling process multiplied nothing."""

    @student.with_files(kata_tasks=TASKS).observe(
        helpers=(seen_of, accounted, watched), array=array, factor=factor
    )
    def seen(module, array, factor):
        import kata_tasks as tasks

        factor = tasks.noted(factor)
        row = watched(module, array, factor, {"workers": 2})
        return [row, tasks.at_home(factor)]

    row, own = read(seen, [object, int])
    ended_well(row)
    nothing_at_home(own, array)
    return row


def nothing_at_home(own, array):
    """Expect that the calling process multiplied no element of the array."""
    some = "the array" if own >= array.size else f"{own} elements"
    expect(own == 0, f"The calling process multiplied {some} itself. That is for the children.")


# -- checks --------------------------------------------------------------------------------


@check(
    points=1,
    public=True,
    hint="np.ndarray(shape, dtype, block.buf) is a view: `*=` in the child, .copy() in the parent.",
)
def test_scales(student):
    """Six numbers times 10, as a new array; the old one is left alone."""
    numbers = np.array([1.0, -2.0, 3.5, 4.0, 0.0, 6.0])

    @student.observe(helpers=(seen_of,), array=numbers)
    def seen(module, array):
        return [seen_of(module.shared_scale(array, 10.0)), array]

    result, after = read(seen, [object, object])
    product(result, numbers, 10.0)
    expect(same(after, numbers), f"The array that was handed over was changed: {show(after)}.")


@check(
    points=1,
    public=True,
    hint="Shape and dtype go to the child beside the name, or it cannot know what the bytes are.",
)
def test_keeps_shape_and_dtype(student):
    """A float32 array of shape (2, 3) stays one, with three workers."""
    numbers = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32)

    @student.observe(helpers=(seen_of,), array=numbers)
    def seen(module, array):
        return seen_of(module.shared_scale(array, 0.5, workers=3))

    product(seen, numbers, 0.5)


@check(
    points=2,
    hint="shared[...] = array copies any layout. Do the parts meet without a gap, "
    "and does the last one reach the end?",
)
def test_any_array(student, rng):
    """Any shape, dtype, layout and number of workers; the input is left as it is."""
    draw = np.random.default_rng(rng.randrange(2**32))
    jobs = []
    for shape, dtype, layout, workers in (
        ((rng.choice([101, 103, 107]),), "float64", "plain", 4),
        ((rng.randint(20, 30), 7), "float32", "every second", 2),
        ((5, rng.randint(3, 6), 4), "int64", "transposed", 3),
        ((rng.randint(40, 60),), "int16", "reversed", 1),
        ((3,), "float64", "plain", 4),
        ((2, rng.randint(30, 50)), "complex64", "plain", 3),
        ((rng.randint(30, 50), 2), "float32", "other byte order", 2),
    ):
        array = draw.integers(1, 50, size=shape).astype(dtype)
        factor = rng.choice([3, 5, 7]) if "int" in dtype else rng.choice([0.5, 1.5, -2.5])
        jobs.append({"array": array, "factor": factor, "layout": layout, "workers": workers})

    for job in jobs:
        # One at a time: each has the time limit for itself, because spawned children take long.
        row = student.run(scaled, helpers=(seen_of, arranged), **job)
        result, dtype, after = read(row, [object, str, object])
        array, factor, layout = job["array"], job["factor"], job["layout"]
        other = layout == "other byte order"
        array = array if other else arranged(array, layout)
        small = "with fewer elements than workers"
        what = small if array.size == 3 else f"of {array.dtype} and {array.ndim} dimensions"
        where = {"plain": "", "other byte order": ", in another byte order"}
        layout = where.get(layout, ", not contiguous")
        product(result, array, factor, f"The result for an array {what}{layout}")
        order = array.dtype.newbyteorder() if other else array.dtype
        expect(dtype == str(order), f"The result for an array {what}{layout} has another dtype.")
        expect(same(after, array), "The array that was handed over was changed.")


@check(points=4, hint="`finally: block.close(); block.unlink()`, and join the children.")
def test_block_is_gone(student, rng):
    """After the call the shared block is gone, and no child runs any more."""
    array = np.arange(rng.randint(900, 1500), dtype=np.float64)

    row = noted_call(student, array, 1.0)  # no special case
    made = account_of(row)["blocks"]
    expect(made > 0, "No SharedMemory block was made by the calling process.")
    tidy(row, "After the call")
    product(row[1], array, 1.0)


@check(
    points=2,
    hint="Look at exitcode after join(), or use a pool, which raises; and unlink in a `finally`.",
)
def test_failure_of_a_child(student, rng):
    """A factor that cannot multiply: the caller gets an exception, and the block is gone."""
    array = np.arange(1.0, rng.randint(500, 900))

    @student.observe(helpers=(seen_of, accounted, watched), array=array)
    def seen(module, array):
        jobs = ((array, 2.0), (array, "three"), (array, None), (array[:1], "three"))
        return [watched(module, part, factor, {"workers": 2}) for part, factor in jobs]

    ended_well(read(seen, [object] * 4)[0])  # or an exception says nothing
    for row in seen[1:]:
        how, _, _, after = read(row, [str, object, object, object])
        expect(
            how != "returned",
            "The factor could not multiply the array, so the children failed; but shared_scale "
            "returned a result as if nothing had happened.",
        )
        tidy(row, "After a child had failed")
        expect(same(after, array[: len(after)]), "The array that was handed over was changed.")

    # The first part fails at once, while the second child is busy still.
    array[0] = -1

    @student.with_files(kata_tasks=TASKS).observe(
        helpers=(seen_of, accounted, watched), array=array
    )
    def uneven(module, array):
        import os

        import kata_tasks as tasks

        row = watched(module, array, tasks.Uneven(2.0), {"workers": 2})
        return [row, os.path.exists(tasks.Uneven.failed)]

    # Code that hands the children a plain float has none of this failure.
    uneven, failed = read(uneven, [[str, object, object, object], bool])
    expect(
        uneven[0] != "returned" or not failed,
        "One child failed, and shared_scale returned a result as if nothing had happened.",
    )
    tidy(uneven, "After one child had failed and the other had not yet ended,")


@check(
    points=5,
    hint="Hand the children the block's name (and shape, dtype, factor): nothing "
    "else has to travel.",
)
def test_bytes_do_not_travel(student, rng):
    """One block of the array's size; the array's bytes go through no pipe and no pickle."""
    # One row: it is cut by elements, not by rows.
    array = np.arange(rng.randint(240_000, 280_000), dtype=np.float32)[None]
    seen = noted_call(student, array, 3.0)
    account, size = account_of(seen), array.nbytes
    product(seen[1], array, 3.0)
    expect(
        account["moved"] < size // 4,
        f"{account['moved'] / size:.1f} times the bytes of the array went between the processes: "
        "it was pickled and sent, or its parts came back that way.",
    )
    expect(account["size"] >= size, "No SharedMemory block was made that the array would fit into.")
    expect(
        account["children"] == 2, f"With workers=2, {account['children']} children were started."
    )
    expect(
        account["size"] < 1.5 * size,
        "The blocks have the size of two arrays: there were two, or one of another dtype "
        "than the array. The one block is to be scaled in place.",
    )


@check(points=4, hint="Each child opens the block by its name and multiplies its own part.")
def test_children_do_the_work(student, baseline, rng):
    """`workers` children, 2 by default, multiply at the same time, and the caller does not."""
    array = np.arange(60 * rng.randint(50, 80) + 1, dtype=np.float64)  # no equal parts
    plans = [{}, {"workers": 1}, {"workers": rng.randint(3, 5)}]

    @student.with_files(kata_tasks=TASKS).observe(
        helpers=(seen_of, accounted, watched), array=array, plans=plans
    )
    def seen(module, array, plans):
        import kata_tasks as tasks

        found = []
        for options, number in zip(plans, (4.0, 2.0, 0.0), strict=True):
            factor = tasks.noted(number, options.get("workers") == 1)
            row = watched(module, array, factor, options)
            with open(factor.path) as log:
                sizes = [int(line.split()[1]) for line in log] or [0]
            found.append([row, tasks.at_home(factor), max(sizes), min(sizes)])
        return found

    read(seen, [[object, int, int, int]] * 3)
    for options, number, (row, own, most, least) in zip(plans, (4.0, 2.0, 0.0), seen, strict=True):
        ended_well(row)
        children, workers = account_of(row)["children"], options.get("workers", 2)
        product(row[1], array, number)
        what = "With `workers` given" if options else "By default (2 workers)"
        expect(
            children == workers,
            f"{what}, {children} children were started: not as many as that says.",
        )
        nothing_at_home(own, array)
        expect(
            workers == 1 or most < array.size,
            f"{what}, one child multiplied all of the array; each does a part of it.",
        )
        expect(
            least >= 0,
            f"{what}, a child had ended before another was at work. Start them all, then join "
            "them: start() and join() in one loop let each wait for the one before.",
        )
    plain_numbers(student, baseline, rng)


def plain_numbers(student, baseline, rng):
    """The same of a plain float, by what the kernel counts: children use the product's CPU time.

    NumPy has no fast way to multiply float16, so that costs many times what a copy costs.
    """
    if not Path("/proc/self/schedstat").exists():
        return

    def children_cpu(pid):
        fields = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def own_cpu(pid):
        return time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) makes it

    def cost(side, clock, rows):
        pid, factor = side.worker().pid, rng.choice((0.5, 2.0, 4.0))
        before = clock(pid)
        seen = side.run(half, rows=rows, factor=factor)
        spent = clock(pid) - before
        (size, dtype, some), left = read(seen, [[object] * 3, int])
        wanted = np.tile(np.arange(1000, dtype=np.float16), rows)[:: 1 + rows] * np.float16(factor)
        fine = same([size, dtype, some], [1000 * rows, "float16", wanted])
        expect(fine, "The result for an array of float16 is wrong.")
        expect(left == 0, "After a call that nobody watched, the shared block still existed.")
        return spent

    plain = student.fresh()
    alone = baseline(
        "import numpy as np\ndef shared_scale(array, factor, workers=2):\n"
        "    return array * np.float16(factor)\n"
    )
    for _ in range(3):
        rows = rng.randint(11_900, 12_100)
        product_ = cost(alone, own_cpu, rows) - cost(alone, own_cpu, 10)
        shared = cost(plain, children_cpu, rows) - cost(plain, children_cpu, 10)
        if shared >= 0.4 * product_:
            return
    fail(
        "With a plain float as the factor, the children used next to none of the CPU time that the "
        "product takes: it was computed elsewhere, by the calling process. That is for them to do."
    )


@check(points=1, hint="Look at `workers` before the block is made.")
def test_refuses_workers_below_one(student, rng):
    """workers below 1 is a ValueError, and leaves no block behind."""
    values = [0, -rng.randint(1, 9)]

    @student.observe(helpers=(seen_of, accounted, watched), values=values)
    def seen(module, values):
        import numpy

        array = numpy.arange(10.0)
        return [watched(module, array, 2.0, {"workers": value}) for value in values]

    for row in read(seen, [object] * 2):
        how = read(row, [str, object, object, object])[0]
        expect(how != "returned", "workers below 1 was accepted; it is a ValueError.")
        if how != "ValueError":
            fail(f"workers below 1 raised {error_name(how)}, not a ValueError.")
        tidy(row, "After the ValueError")


@check(
    points=3,
    kind="performance",
    hint="One copy into the block, one out of it, and nothing else of the array's size.",
)
def test_cheaper_than_queues(student, baseline, rng):
    """16 MB cost at most 0.6x of what it costs to send them through queues and back."""

    def scale(module, start, size, used, rounds):
        import numpy

        array = numpy.arange(start, start + size, dtype=float)[:used]
        sums = []
        for factor in range(2, 2 + rounds):
            result = module.shared_scale(array, float(factor), workers=2)
            sums.append([int(result.size), float(result.sum())])
            del result
        return sums

    # CPU time, because a busy machine adds little to it; where /proc is missing, time.
    clock = tree_cpu if Path("/proc/self/stat").exists() else lambda _: time.perf_counter()
    size = 2_000_000

    def cost(side, used, rounds):
        start, pid = rng.randint(0, 1000), side.worker().pid
        before = clock(pid)
        seen = side.run(scale, start=start, size=size, used=used, rounds=rounds)
        spent = clock(pid) - before
        total = float(used * (2 * start + used - 1) // 2)
        wanted = [[used, total * factor] for factor in range(2, 2 + rounds)]
        expect(seen == wanted, "While its cost was measured, a result was wrong.")
        return spent

    def each(side, rounds):
        """Seconds for the arrays; what tiny ones cost, the start of the children, is taken off."""
        tiny = cost(side, 100, rounds)
        return max(cost(side, size, rounds) - tiny, 1e-3)

    queues = baseline(QUEUES)
    # Sending comes out at 0.9 and more, one block at 0.3. What is near the line gets three arrays.
    for side in (student, queues):
        cost(side, 100, 1)  # the first call imports
    if each(student, 1) <= 0.5 * each(queues, 1):
        return
    ratios = []
    for _ in range(3):
        ratios.append(each(student, 3) / each(queues, 3))
        if ratios[-1] <= 0.7:
            return
    fail(
        f"It cost {min(ratios):.1f}x what queues cost; the limit is 0.6x. The array is sent, or "
        "copied more often than once into the block and once out of it."
    )
