"""Hidden grader of ``prefetch_loader``.

The data set keeps an account of what it is asked for. The consumer waits for that account, not
for a clock; every wait has a bound, and reaching it is evidence.
"""

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.iterating import drained, take
from autograder.judging.vocabulary.leftovers import alive, polled, threads
from autograder.judging.vocabulary.measures import expect_speed
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals
from autograder.judging.vocabulary.servers import LIBRARY, asked, beside_server

SERIAL = """
class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        self.dataset, self.batch_size = dataset, batch_size

    def __iter__(self):
        count = len(self.dataset)
        for start in range(0, count, self.batch_size):
            stop = min(start + self.batch_size, count)
            yield [self.dataset[index] for index in range(start, stop)]
"""

# -- in the sandbox ------------------------------------------------------------------------


def dataset(values, errors=None, before=None, endless=False):
    """A data set of samples ``[value]``, with an account of what it was asked for in ``asked``.

    ``errors`` maps indices to exceptions, ``before(index)`` is called first. An ``endless`` one
    computes a sample for any index, as some data sets do.
    """
    import operator

    samples = [[value] for value in values]

    class Data:
        def __init__(self):
            self.asked, self.samples = [], samples

        def __len__(self):
            return len(samples)

        def __getitem__(self, index):
            index = operator.index(index)
            self.asked.append(index)
            if before:
                before(index)
            if errors and index in errors:
                raise errors[index]
            if 0 <= index < len(samples):
                return samples[index]
            if endless and len(self.asked) < 1000:
                return [None]
            raise IndexError(index)

    return Data()


def hold(module, values, stops, options):
    """Work on each of the first ``stops`` batches until nothing more is loaded.

    ``[asked at construction, [[first index not yet asked for, how many asked for], …]]``
    """
    import time

    data = dataset(values)
    loader = module.PrefetchLoader(data, **options)
    size, depth = options.get("batch_size", 32), options.get("depth", 2)
    built, found, patience = len(data.asked), [], 2.0
    for number, _ in enumerate(loader, 1):
        wanted = min(len(values), (number + depth) * size)
        if polled(lambda wanted=wanted: wanted - len(set(data.asked)), seconds=patience) > 0:
            patience = 0.05  # it is behind; only how far is still of interest
        for _ in range(8):
            time.sleep(0.002)  # whoever runs further ahead does it now
        found.append([max(data.asked, default=-1) + 1, len(set(data.asked))])
        if number >= stops:
            break
    return [built, found]


def held_by_a_server(module, port, length, stops, options):
    """The first samples of the first ``stops`` batches, from a server that also says when to go on.

    With each batch in hand, it waits until the server has seen all that is to be seen by then.
    """

    class Data:
        def __len__(self):
            return length

        def __getitem__(self, index):
            return asked(port, f"get {index}", 9)

    size, depth, found = options["batch_size"], options["depth"], []
    for number, batch in enumerate(module.PrefetchLoader(Data(), **options), 1):
        found.append(batch)
        asked(port, f"hold {min(length, (number + depth) * size)}", 9)
        if number >= stops:
            break
    asked(port, "end", 9)
    return found


def timed_epoch(module, base, steps, count, longer):
    """An epoch in which loading a batch and working on it take equally long."""
    import time

    class Data:
        def __len__(self):
            return 2 * count

        def __getitem__(self, index):
            time.sleep((0.0026 + (base + index) % 3 / 2300) * longer)
            return base + steps[index]

    total, batches = 0, 0
    for batch in module.PrefetchLoader(Data(), batch_size=2, depth=2):
        time.sleep((0.0054 + (base + batches) % 3 / 1700) * longer)
        total, batches = total + sum(batch), batches + 1
        if batches > count:
            break
    return [batches, total]


# -- on the judge's side -------------------------------------------------------------------


def cut(values, size):
    samples = [[value] for value in values]
    return [samples[start : start + size] for start in range(0, len(samples), size)]


def some(rng, count):
    return rng.sample(range(-(10**6), 10**6), count)


def whole(found, wanted, what):
    """Expect these batches; ``what`` begins the messages."""
    if same(found, wanted):
        return
    read(found, list)
    if not all(type(batch) is list for batch in found):
        fail(f"{what}, a batch was not a list of samples.")
    flat = [repr(sample) for batch in found for sample in batch]
    right = [repr(sample) for batch in wanted for sample in batch]
    if flat == right[: len(flat)] and len(flat) < len(right):
        fail(f"{what}, the last {len(right) - len(flat)} of {len(right)} samples never came.")
    if flat == right:
        fail(f"{what}, the samples were in order but cut into batches at the wrong places.")
    if sorted(flat) == sorted(right):
        fail(f"{what}, every sample came, in another order than that of the indices.")
    if len(found) > 1 and all(same(batch, found[0]) for batch in found):
        fail(f"{what}, all the batches were equal: is it one list, filled again and again?")
    fail(f"{what}, the batches were not the samples of the data set in the order of their indices.")


def ahead(seen, length, stops, size, depth, what):
    """Judge the evidence of :func:`hold`."""
    built, found = read(seen, [int, list[[int, int]]])
    expect(built == 0, "Constructing the loader loaded samples already.")
    expect(len(found) == stops, f"{what}, batches were missing.")
    for number, (furthest, count) in enumerate(found, 1):
        wanted, furthest = min(length, (number + depth) * size), min(length, furthest)
        while_ = f"{what}, while the consumer worked on batch {number - 1},"
        if furthest >= length > wanted:
            fail(f"{while_} the whole data set had been asked for; only {depth} more may be.")
        beyond = -(-(furthest - number * size) // size)
        expect(
            furthest <= wanted,
            f"{while_} {beyond} batches beyond it had been begun; with "
            f"depth={depth} it may be {depth}.",
        )
        if count <= min(length - 1, number * size):
            fail(
                f"{while_} nothing was loaded in the background. submit(…).result() waits at "
                "once; with depth=1 so does a deque from which one is taken first."
            )
        expect(
            count >= wanted,
            f"{while_} only {(count - number * size) // size} whole batches "
            f"beyond it were loaded, with all the time in the world; with depth={depth} it "
            f"should be {-(-(wanted - number * size) // size)}.",
        )


# -- checks --------------------------------------------------------------------------------


@check(
    points=2,
    public=True,
    hint="range(0, len(dataset), batch_size) has the first index of "
    "each batch; the last batch ends at len(dataset).",
)
def test_batches_in_order(student):
    """Seven samples in batches of three: three, three and one, in order."""

    @student.observe(helpers=(dataset,))
    def seen(module):
        from itertools import islice

        loader = module.PrefetchLoader(dataset(range(7)), batch_size=3)
        batches, beyond = [], False
        try:
            for batch in islice(loader, 10):
                batches.append(batch)
        except IndexError:
            beyond = True
        return [batches, len(loader), beyond]

    batches, length, beyond = read(seen, [object, object, bool])
    expect(
        not beyond,
        f"Seven samples in batches of three: after {show(batches)} came an "
        "IndexError. Is the short last batch filled from beyond the end?",
    )
    expect(same(batches, cut(range(7), 3)), f"Seven samples [0] … [6] came as {show(batches)}.")
    expect(same(length, 3), f"len() of a loader with three batches was {show(length)}.")


@check(
    points=4,
    public=True,
    hint="Submit batch i + 1 and batch i + 2 before you wait for, and hand over, batch i.",
)
def test_loads_while_you_work(student):
    """With depth=2, batches 1 and 2 are loaded while you work on batch 0, and no more."""
    options = {"batch_size": 4, "depth": 2}
    seen = student.run(hold, helpers=(dataset,), values=list(range(80)), stops=3, options=options)
    ahead(seen, 80, 3, 4, 2, "With batches of 4 and depth=2")


@check(
    points=4,
    hint="`depth` batches are waiting when one goes out: compare len(pending) with "
    "depth after the next one was submitted.",
)
def test_any_depth(student, rng):
    """As many batches as `depth` says are loaded ahead, never more, whatever its value."""
    cases = [(rng.randint(1, 4), 1), (rng.randint(2, 5), rng.randint(3, 6)), (None, None)]
    for size, depth in cases:
        options = {} if size is None else {"batch_size": size, "depth": depth}
        size, depth = size or 32, depth or 2
        length, stops = size * (depth + 5) + rng.randint(1, size), 6
        seen = student.run(
            hold, helpers=(dataset,), values=some(rng, length), stops=stops, options=options
        )
        what = f"With depth={depth}" if options else "With the default batch_size and depth"
        ahead(seen, length, stops, size, depth, what)
    from_a_server(student.within(wall=30), rng)


def from_a_server(student, rng):
    """The same with samples from a server in another process, which keeps the account."""
    size, depth, stops = rng.randint(1, 4), rng.randint(1, 4), 4
    secret = f"{rng.randrange(10**12)}:"
    length = size * (depth + 5) + rng.randint(1, size)
    options = {"batch_size": size, "depth": depth}
    seen, account = beside_server(
        student,
        LIBRARY,
        held_by_a_server,
        {"secret": secret},
        length=length,
        stops=stops,
        options=options,
    )
    batches = [[f"{secret}{i}" for i in range(n * size, (n + 1) * size)] for n in range(stops)]
    expect(
        same(seen, batches),
        "With samples from a server, batches were not its samples in the order of their indices.",
    )
    ahead([0, account], length, stops, size, depth, "With samples from a server")


@check(points=1, hint="stop = min(start + batch_size, len(dataset)): never ask and see.")
def test_asks_for_what_there_is(student, rng):
    """Sizes of all kinds: each index is asked for once, none beyond the end."""
    size = rng.randint(3, 6)
    counts = [(count, size) for count in (0, 1, size, 4 * size, 5 * size - 1)]
    counts += [(3, 50), (7, 1)]
    cases = [[some(rng, count), by, rng.randint(1, 4)] for count, by in counts]

    @student.observe(helpers=(dataset,), cases=cases)
    def seen(module, cases):
        found = []
        for values, size, depth in cases:
            data = dataset(values, endless=True)
            loader = module.PrefetchLoader(data, size, depth)
            batches = take(loader, len(values) + 3)
            handed = [sample for batch in batches for sample in batch]
            kept = sum(a is b for a, b in zip(handed, data.samples, strict=False))
            found.append([batches, len(loader), sorted(data.asked), kept])
        return [found, take(module.PrefetchLoader([None, 0, "", None, [], None], 2), 9)]

    seen, empty = read(seen, [[[object, object, list, object]] * len(cases), list])
    whole(empty, [[None, 0], ["", None], [[], None]], "With samples of None, 0 and empty ones")
    for (values, size, _), (batches, length, indices, kept) in zip(cases, seen, strict=True):
        what = "With a shorter last batch"
        if not values:
            what = "With no samples"
        elif len(values) < size:
            what = "With fewer samples than batch_size"
        elif len(values) % size == 0:
            what = "With a whole number of batches"
        beyond = sum(type(index) is int and index >= len(values) for index in indices)
        expect(
            beyond == 0,
            f"{what}, the data set was asked for {beyond} samples beyond its "
            "length. Not every data set raises an IndexError there.",
        )
        whole(batches, cut(values, size), what)
        expect(
            same(indices, list(range(len(values)))),
            f"{what}, some index was asked for more than once, or not at all.",
        )
        expect(
            same(length, -(-len(values) // size)),
            f"{what}, len() was not the number of batches, as an int.",
        )
        expect(same(kept, len(values)), f"{what}, copies came, not the samples themselves.")


@check(points=1, hint="All state of a loop belongs into __iter__; make it a generator.")
def test_each_loop_begins_anew(student, rng):
    """A second loop, one after a break, and one inside another see the whole data set."""
    values, size = some(rng, 17), rng.randint(3, 5)

    @student.observe(helpers=(dataset,), values=values, size=size)
    def seen(module, values, size):
        loader = module.PrefetchLoader(dataset(values), batch_size=size)
        found = [drained(loader, 20)[0], drained(loader, 20)[0]]
        for _ in loader:
            break
        found.append(drained(loader, 20)[0])
        outer, inner = [], []
        for batch in loader:
            outer.append(batch)
            if len(outer) == 2:
                inner = drained(loader, 20)[0]
            if len(outer) > 20:
                break
        around = []
        for batch in loader:
            around.append(batch)
            if len(around) == 1:
                for _ in loader:
                    break
            if len(around) > 20:
                break
        return [*found, inner, outer, around]

    ways = (
        "In the first loop",
        "In a second loop",
        "In a loop after one that was left by break",
        "In a loop inside another one",
        "In a loop with another one inside",
        "In a loop with another one inside that was left by break",
    )
    for what, batches in zip(ways, read(seen, [object] * 6), strict=True):
        expect(not same(batches, []), f"{what}, no batch came.")
        whole(batches, cut(values, size), what)


@check(
    points=2,
    hint="A future keeps an exception until result() is called. A queue has to carry "
    "it as an entry of its own.",
)
def test_error_at_its_own_batch(student, rng):
    """An exception of the data set comes in the place of its batch, as it is."""
    size, depth = rng.randint(2, 4), rng.randint(2, 4)
    count = 8 * size - 1
    at = [0, rng.randrange(3 * size, 5 * size), count - 1, rng.randrange(5 * size, 7 * size)]
    at.append(rng.randrange(2 * size, 4 * size))
    values = some(rng, count)

    @student.observe(helpers=(dataset,), values=values, size=size, depth=depth, at=at)
    def seen(module, values, size, depth, at):
        import queue

        class Unreadable(Exception):
            pass

        def patiently(loader, data, last):
            # What is loaded ahead is there before the next batch is asked for, an error as well.
            for number, batch in enumerate(loader, 1):
                wanted = min(last + 1, (number + depth) * size)
                polled(lambda wanted=wanted: wanted - len({*data.asked}), seconds=0.3)
                yield batch

        found = []
        # Some are what waiting for a batch may raise, too.
        kinds = (TimeoutError, IndexError, Unreadable, queue.Empty, KeyError)
        for kind, index in zip(kinds, at, strict=True):
            own = kind("planned")
            data = dataset(values, {index: own})
            loader = module.PrefetchLoader(data, size, depth)
            found.append(drained(patiently(loader, data, index), 12, own))
        return found

    names = ("a TimeoutError", "an IndexError", "an exception", "queue.Empty", "a KeyError")
    read(seen, [[list, str]] * 5)
    for name, index, (batches, end) in zip(names, at, seen, strict=True):
        before = index // size
        if end in ("end", "more"):
            fail(
                f"The data set raised {name}, and the consumer was not told: the loop went on or "
                "ended as if that were the end of the data."
            )
        # Some event loops put another TimeoutError in the place of the one that a thread raised.
        if end != "own" and (name, end) != ("a TimeoutError", "TimeoutError"):
            fail(
                f"The data set raised {name}; the consumer got {error_name(end)}, not that very "
                "exception."
            )
        early = before - len(batches)
        expect(
            early <= 0,
            f"An exception came too early, before batches ({early} of them) that "
            "had been loaded without one.",
        )
        whole(batches, cut(values, size)[:before], "Before the batch that could not be loaded")


@check(
    points=2,
    hint="`finally` in a generator runs at the end, by break and with an exception: "
    "shut the thread down there.",
)
def test_no_thread_is_left(student, rng):
    """At the end, after a break and after an exception no thread of the loop is left."""
    values, leave = some(rng, 40), rng.randint(2, 4)

    @student.observe(helpers=(dataset,), values=values, leave=leave)
    def seen(module, values, leave):
        import time
        from itertools import islice

        def worked_on(loader, data):
            for number, batch in enumerate(loader, 1):
                # Until all is loaded that may be, and a thread waits for its turn.
                polled(lambda number=number: 2 * (number + 3) - len({*data.asked}), seconds=0.3)
                time.sleep(0.01)
                yield batch

        before, keep, found = threads(), [], []
        late, soon = {15: OSError("planned")}, {2 * leave: OSError("planned")}
        for most, errors in ((30, None), (leave, None), (30, late), (leave, soon), (1, ...)):
            data = dataset(values, errors if errors is not ... else None)
            loader = module.PrefetchLoader(data, batch_size=2, depth=3)
            keep.append(loader)  # it is the loop that has ended; the loader lives
            loop = worked_on(loader, data) if errors is ... else loader
            count = len(drained(islice(loop, most), most)[0])
            del loop
            left = polled(lambda: threads() - before, collect=True)
            found.append([count, left, len({*data.asked})])
            if found[-1][1] > 0:
                break
        return found

    ways = (
        "came to its end",
        "was left by break",
        "ended with an exception of the data set",
        "was left by break before an exception's turn",
        "was left by break after long work on a batch",
    )
    read(seen, list[[int, int, int]])
    for way, (count, left, _), wanted in zip(ways, seen, (20, leave, 7, leave, 1), strict=False):
        expect(
            left <= 0,
            f"Seconds after a loop that {way}, a thread of it was still there, "
            "with the batches that it holds.",
        )
        expect(
            count == wanted,
            "A loop gave another number of batches than there were up to "
            "its end, the break or the exception.",
        )
    begun = read(seen, [list] * 5)[4][2]
    expect(
        begun <= 8,
        "A loop was left by break when all that may be loaded ahead was there, and then another "
        "batch was begun.",
    )


@check(
    points=1,
    hint="shutdown(cancel_futures=True), or a flag that the thread looks at before each batch.",
)
def test_break_stops_the_loading(student, rng):
    """After a break, batches that have not been begun are not loaded any more."""
    size, depth, leave = rng.randint(1, 3), rng.randint(8, 12), rng.randint(1, 4)

    @student.observe(
        helpers=(dataset,), size=size, depth=depth, leave=leave, values=some(rng, 30 * size)
    )
    def seen(module, values, size, depth, leave):
        import gc
        import threading
        import time

        gate, blocked = threading.Event(), threading.Event()

        def before(index):
            if index >= leave * size:  # beyond the batch with which the loop is left
                blocked.set()
                gate.wait(8)

        def open_gate():
            for _ in range(60):  # many short sleeps: where all are kept waiting, so is this
                time.sleep(0.005)
            gate.set()

        def begun():
            return {index // size for index in data.asked}

        at_first = threads()
        data = dataset(values, before=before)
        loader = module.PrefetchLoader(data, size, depth)
        for number, _ in enumerate(loader, 1):
            if number == leave:
                under_way = blocked.wait(2)
                for _ in range(10):
                    time.sleep(0.002)  # other threads of theirs may begin theirs
                first = begun()
                # Whoever waits for the thread does so within the break.
                threading.Thread(target=open_gate, daemon=True).start()
                break
        gc.collect()
        gate.wait(8)
        polled(lambda: threads() - at_first, collect=True)
        return [under_way, len(begun() - first)]

    under_way, later = read(seen, [bool, int])
    expect(under_way, "While the consumer worked, nothing was loaded.")
    expect(
        later == 0,
        f"After the break, {later} more batches were begun, for nobody: what was submitted must "
        "be cancelled.",
    )


@check(points=1, hint="popleft() before you hand a batch over, and keep no list beside.")
def test_keeps_nothing(student, rng):
    """Batches that were handed over are not kept."""
    size, depth = rng.randint(2, 5), rng.randint(1, 3)

    @student.observe(size=size, depth=depth)
    def seen(module, size, depth):
        import weakref

        class Sample:
            pass

        class Data:
            def __len__(self):
                return 60 * size

            def __getitem__(self, index):
                sample = Sample()
                if index < 50 * size:  # at the end, the last two are in the consumer's hands
                    references.append(weakref.ref(sample))
                return sample

        references = []
        for number, batch in enumerate(module.PrefetchLoader(Data(), size, depth), 1):
            if number == 52:
                return [len(batch), alive(references)]

    expect(seen is not None, "Of 60 batches, fewer than 52 came.")
    last, left = read(seen, [int, int])
    expect(last == size, "A batch was of another size than batch_size.")
    expect(
        left == 0,
        f"Of the first 50 batches, {left} samples were still kept after they had been handed over "
        "and used: a list grows with every batch.",
    )


@check(points=1, hint="Check in __init__: in a generator, nothing runs before the first next().")
def test_refuses_sizes_below_one(student, rng):
    """A batch_size or depth below 1 is a ValueError at construction."""
    cases = [
        (f"a {name} below 1", {"name": name, "value": value})
        for value in (0, -rng.randint(1, 100))
        for name in ("batch_size", "depth")
    ]

    def call(module, name, value):
        return module.PrefetchLoader(dataset(range(5)), **{name: value})

    late = "The ValueError for {what} came when the loop began, far from the mistake."
    expect_refusals(student, call, cases, Refusal("ValueError", late=late), helpers=(dataset,))

    @student.observe(helpers=(dataset,))
    def smallest(module):
        loader = module.PrefetchLoader(dataset(range(5)), batch_size=1, depth=1)
        return len(drained(loader, 9)[0])

    expect(
        same(smallest, 5), "With batch_size=1 and depth=1, there was not one batch for each sample."
    )


@check(points=3, kind="performance", hint="While you work on a batch, a thread must be loading.")
def test_loading_and_working_overlap(student, baseline, rng):
    """Where both take equally long, an epoch takes at most 0.7x the serial one."""
    count = 10

    def inputs(_, longer=1):
        steps = rng.sample(range(10**6), 2 * count)
        return {"base": rng.randrange(10**6), "steps": steps, "count": count, "longer": longer}

    given = inputs(0)
    seen = student.run(timed_epoch, **given)
    expect(
        same(seen, [count, 2 * count * given["base"] + sum(given["steps"])]),
        "The batches of a slow data set were not the right ones.",
    )

    expect_speed(
        student,
        baseline(SERIAL),
        timed_epoch,
        inputs,
        "An epoch took {ratio} the time of one that loads each batch when it is asked for; the "
        "limit is {limit}. Loading and working take turns.",
        at_most=0.7,
        same=same,
        waits=True,
    )
