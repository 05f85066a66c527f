"""Hidden grader of ``sharded_stream``.

The workers are real ones, of a DataLoader that forks them. Each item is sent with what the
process that hands it over knows: which worker it is, and how many items it has taken so far.
"""

from collections import Counter

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary import read, take

# -- what runs in the sandbox ---------------------------------------------------------------


def source_of(items, stop=None):
    """An iterable that has no length and no index, and counts what is taken from it.

    With ``stop`` it counts from 0 up instead, so far that no reader should come to its end.
    """

    class Source:
        taken = 0

        def __iter__(self):
            for item in items if stop is None else range(stop):
                self.taken += 1
                yield item

    return Source()


def epochs(stream, source, workers, most=1000, count=1):
    """``count`` epochs of a loader: each a list of ``[item, worker, taken]``."""
    import itertools
    import warnings

    from torch.utils.data import DataLoader, get_worker_info

    def send(item):
        info = get_worker_info()
        return [item, -1 if info is None else info.id, source.taken]

    options = {"multiprocessing_context": "fork", "persistent_workers": count > 1}
    with warnings.catch_warnings():
        # Of more workers than cores, and of a fork beside threads.
        warnings.simplefilter("ignore")
        loader = DataLoader(
            stream,
            batch_size=None,
            num_workers=workers,
            collate_fn=send,
            **(options if workers else {}),
        )
        return [list(itertools.islice(loader, most)) for _ in range(count)]


def epoch(module, items, workers, listed=False):
    """One epoch of a new ShardedStream over a source of these items, or over a list of them."""
    source = source_of(items)
    return epochs(module.ShardedStream(list(items) if listed else source), source, workers)[0]


# -- what the judge knows -------------------------------------------------------------------


LOADER = "What the loader handed over"


def _items(seen):
    """The items of one epoch, its shape tested."""
    return [got[0] for got in read(seen, list[[object] * 3], LOADER)]


def _with(workers):
    names = ["Without workers", "With one worker"]
    return names[workers] if workers < 2 else f"With {workers} workers"


def _judge(got, wanted, workers, what="", public=False):
    """Compare what arrived with the wanted items (distinct ints, in their order)."""
    what = f"{_with(workers)}{what}"
    shown = f"\nOf {show(wanted)} arrived {show(got)}." if public else ""
    good = all(type(item) is int for item in got)
    expect(
        good and set(got) <= set(wanted),
        f"{what}: items arrived that the source does not hold.{shown}",
    )
    times = Counter(got)
    if workers > 1 and wanted and all(times[item] == workers for item in wanted):
        fail(
            f"{what}: every item arrived {workers} times. Each worker has a copy of the data set "
            "and iterates over all of it; it has to find out, when iteration begins, which worker "
            f"it is (get_worker_info), and take its share.{shown}"
        )
    lost = [item for item in wanted if not times[item]]
    if len(lost) == len(wanted) > 0:
        fail(f"{what}: nothing arrived of {len(wanted)} items.{shown}")
    if lost and lost == wanted[len(wanted) - len(wanted) % max(workers, 1) :]:
        fail(
            f"{what}: the last {len(lost)} of {len(wanted)} items never arrived, the remainder "
            f"when they are divided by the workers.{shown}"
        )
    expect(not lost, f"{what}: {len(lost)} of {len(wanted)} items never arrived.{shown}")
    twice = sum(number > 1 for number in times.values())
    expect(not twice, f"{what}: {twice} of {len(wanted)} items arrived more than once.{shown}")


def _numbers(rng, count):
    return rng.sample(range(10, 10_000), count)


def _uneven(rng, workers, low, high):
    """A number of items that the workers cannot share without a remainder."""
    rest = rng.randint(1, workers - 1) if workers > 1 else 0
    return max(1, workers) * rng.randint(low, high) + rest


# -- the checks -----------------------------------------------------------------------------


@check(points=1, public=True, hint="Where there is no worker, get_worker_info() gives None.")
def test_without_workers(student):
    """ShardedStream(range(5)) is an IterableDataset; a plain loop over it gives every item."""

    @student.observe()
    def seen(module):
        from torch.utils.data import IterableDataset

        stream = module.ShardedStream(range(5))
        return [isinstance(stream, IterableDataset), take(stream, 99), take(stream, 99)]

    read(seen, [bool, list, list], "What a loop over it gave")
    expect(
        seen[0] is True,
        "ShardedStream is no torch.utils.data.IterableDataset: a DataLoader takes it for a data "
        "set that is asked by index.",
    )
    _judge(seen[1], [0, 1, 2, 3, 4], 0, public=True)
    _judge(seen[2], [0, 1, 2, 3, 4], 0, ", in a second loop over the same object", public=True)


@check(points=2, public=True, hint="In __iter__: which worker am I, and of how many?")
def test_two_workers(student):
    """Seven items arrive once each from a DataLoader with two workers."""
    wanted = [10, 11, 12, 13, 14, 15, 16]
    seen = student.run(epoch, items=wanted, workers=2, helpers=(source_of, epochs))
    _judge(_items(seen), wanted, 2, public=True)


@check(points=2, hint="Worker w of n takes the items number w, w + n, w + 2n, and so on.")
def test_any_number_of_workers(student, rng):
    """Every item once under 0, 1, 2 and 3 workers, also where they leave a remainder."""
    # A worker takes as long to fork as all else: other checks have the other combinations.
    for workers, listed in ((0, False), (1, False), (3, False), (2, True)):
        wanted = _numbers(rng, _uneven(rng, workers, 5, 12))
        work = {"items": wanted, "workers": workers, "listed": listed}
        seen = student.run(epoch, **work, helpers=(source_of, epochs))
        _judge(_items(seen), wanted, workers, " and a list of items" * listed)


@check(points=1, hint="A worker whose share is empty just ends.")
def test_fewer_items_than_workers(student, rng):
    """No items at all, and fewer items than workers."""
    for count, workers in ((0, 0), (0, 1), (rng.randint(1, 2), 3)):
        wanted = _numbers(rng, count)
        seen = student.run(epoch, items=wanted, workers=workers, helpers=(source_of, epochs))
        _judge(_items(seen), wanted, workers, " and fewer items")


@check(points=1, hint="Look at the number of an item, never at the item.")
def test_any_items(student, rng):
    """None, equal and unhashable items are items, too; an exception of the source arrives."""
    wanted = [None, 0, "", [], {}, False, None, [], "cat", "cat", 1.5, ("a", None), {"id": 3}]
    wanted += rng.choices(["cat", "dog", 7], k=rng.randint(6, 9))
    rng.shuffle(wanted)
    for workers in (0, 2):
        seen = student.run(epoch, items=wanted, workers=workers, helpers=(source_of, epochs))
        got, due = Counter(map(repr, _items(seen))), Counter(map(repr, wanted))
        lost = (due - got).total()
        expect(
            lost == 0,
            f"{_with(workers)} {lost} of {len(wanted)} items never arrived, of a source that holds "
            "None, empty and equal ones. Does something look at the items, or stop at one?",
        )
        expect(got == due, f"{_with(workers)}: items arrived that are not in the source.")

    @student.observe(items=wanted)
    def failed(module, items):
        def source(kind):
            yield from items
            raise kind("the file server went away")

        class Odd:
            """Equal to everything, and neither true nor false, as an array may be."""

            __hash__ = None

            def __eq__(self, other):
                return True

            def __ne__(self, other):
                return False

            def __bool__(self):
                raise ValueError("the truth value of an array is ambiguous")

        given = [object(), Odd(), *items, Odd(), None]
        handed = take(module.ShardedStream(given), 1000)
        own = len(handed) == len(given) and all(a is b for a, b in zip(given, handed, strict=True))
        ends = []
        usual = (ConnectionError, KeyError, IndexError, ValueError, RuntimeError)
        for kind in (*usual, EOFError, TypeError, AttributeError, MemoryError, KeyboardInterrupt):
            try:
                take(module.ShardedStream(source(kind)), 1000)
                ends.append("ended")
            except BaseException as error:
                ends.append("failed" if type(error) is kind else "failed otherwise")
        return [own, ends]

    own, ends = read(failed, [bool, [str] * 10])
    expect(
        own,
        "Without workers, the items were copied, changed or lost on their way. One of them was "
        "equal to everything; nothing should compare items.",
    )
    expect(
        "failed otherwise" not in ends,
        "The source failed on the way, and another exception arrived.",
    )
    expect(
        "ended" not in ends,
        "The source failed on the way, and the loop ended as if that were all: "
        "exceptions are swallowed.",
    )


@check(points=2, hint="Keep the iterable, and nothing else: no iterator, no share, no worker.")
def test_epochs_and_loaders(student, rng):
    """One object serves several epochs and several loaders."""
    wanted = _numbers(rng, rng.randint(9, 20))
    # The main process in between: what it remembers of its own loops goes to the next workers.
    few, many = rng.sample([2, 3], 2)
    order = [few, 0, many]

    @student.observe(items=wanted, order=order, helpers=(source_of, epochs))
    def seen(module, items, order):
        source = source_of(items)
        stream = module.ShardedStream(source)
        found = [epochs(stream, source, workers, count=2) for workers in order]
        one = iter(stream)
        first, other = take(one, 2), take(stream, 1000)
        both = [first + take(one, 1000), other]
        growing = items[:-1]
        stream = module.ShardedStream(growing)
        before = take(stream, 1000)
        growing.append(items[-1])
        return [*found, both, [before, take(stream, 1000)]]

    read(seen, [[list, list]] * 5, "What the loaders handed over")
    for got, items in zip(seen.pop(), (wanted[:-1], wanted), strict=True):
        _judge(got, items, 0, ", of a list that had grown between two loops")
    for got in seen.pop():
        _judge(got, wanted, 0, ", while another loop over the same object was under way")
    for workers, loader in zip(order, seen, strict=True):
        for number, got in enumerate(loader):
            words = (", in the first epoch of a loader", ", in its second epoch")
            _judge(_items(got), wanted, workers, words[number])
        # The workers live on; each counts what it takes in both epochs.
        before, later = read(loader, [list[[object, int, int]]] * 2, LOADER)
        most = {w: max(taken for _, v, taken in before if v == w) for _, w, _ in before}
        expect(
            all(taken > most.get(w, 0) for _, w, taken in later),
            f"{_with(workers)}: in the second epoch of a loader nothing was taken from the "
            "source any more. What it gave in the first one was kept.",
        )


@check(points=2, hint="A list holds all of it, and len() asks for all of it; islice takes a step.")
def test_lazy(student, rng):
    """A source without an end is read as far as needed."""

    @student.observe(stop=10**5, most=rng.randint(20, 40), helpers=(source_of, epochs))
    def seen(module, stop, most):
        found = []
        for workers in (0, 2):
            source = source_of(None, stop)
            stream = module.ShardedStream(source)
            module.ShardedStream(iter(source))  # what is taken from an iterator is lost
            found.append([source.taken, epochs(stream, source, workers, most)[0]])
        return found

    read(seen, [[int, list[[int, object, int]]]] * 2, LOADER)
    for workers, (before, handed) in zip((0, 2), seen, strict=True):
        what = _with(workers)
        expect(before == 0, "Construction took items already, before any was asked for.")
        expect(len(handed) > 0, f"{what}: nothing arrived of a source without an end.")
        for place, _, taken in handed:
            ahead = taken - place - 1
            expect(
                ahead <= 1000,
                f"{what}: {ahead} more items had been taken than were needed when one was handed "
                "over. Is a list made of the source? Of one without an end there is none.",
            )
            expect(
                ahead <= max(1, workers),
                f"{what}: {ahead} items behind the one that was handed over had been taken "
                f"already; at most {max(1, workers)} may be.",
            )

    # Nor is an ordinary range read to its end, which is far away.
    start, most = rng.randint(0, 10**6), rng.randint(20, 40)
    for workers in (0, 2):

        @student.observe(start=start, most=most, workers=workers, helpers=(source_of, epochs))
        def found(module, start, most, workers):
            stream = module.ShardedStream(range(start, 10**12))
            return [item for item, _, _ in epochs(stream, source_of([]), workers, most)[0]]

        what = f"{_with(workers)} and a range of 10**12 numbers"
        read(found, list[int], LOADER)
        expect(len(found) == most, f"{what}: not all that was asked for arrived.")
        expect(
            len({*found}) == most and min(found) >= start and max(found) < 10**12,
            f"{what}: items arrived twice, or such as the range does not hold.",
        )


@check(points=1, hint="Every worker takes its own n-th part.")
def test_work_is_shared(student, rng):
    """Of n items, no worker hands over more than its part, rounded up."""
    # Dealt in blocks of 2, 3, 4, 6 or 12, the last two items would go to one worker.
    wanted = _numbers(rng, 36 * rng.randint(1, 2) + 2)
    seen = student.run(epoch, items=wanted, workers=3, helpers=(source_of, epochs))
    _judge(_items(seen), wanted, 3)
    equal = [rng.choice(["cat", "dog", 7])] * len(wanted)
    alike = student.run(epoch, items=equal, workers=2, listed=True, helpers=(source_of, epochs))
    expect(_items(alike) == equal, f"With 2 workers {len(equal)} equal items did not all arrive.")
    for handed, workers, what in ((seen, 3, ""), (alike, 2, "equal ")):
        shares = Counter(worker for _, worker, _ in handed if type(worker) is int)
        most = max(shares.values(), default=0)
        expect(
            most <= -(-len(wanted) // workers),
            f"Of {len(wanted)} {what}items one of {workers} workers handed over {most}. The others "
            "wait for the worker that has the most to do.",
        )


@check(points=1, hint="Functions made inside of functions, iterators and open files do not pickle.")
def test_pickles(student, rng):
    """It can be sent to a spawned worker: it pickles, and its copy gives the same items."""
    wanted = _numbers(rng, rng.randint(5, 20))

    @student.observe(items=wanted)
    def seen(module, items):
        import collections
        import pickle

        # Its iterators are generators, which do not pickle.
        stream = module.ShardedStream(collections.UserList(items))
        try:
            copies = [pickle.loads(pickle.dumps(stream))]
            for count in (2, 1000):
                take(stream, count)
                copies.append(pickle.loads(pickle.dumps(stream)))
        except Exception:
            return None
        return [take(copy, 1000) for copy in copies]

    if seen is None:
        fail(
            "It does not pickle, though its items do. A loader that spawns its workers, as on "
            "Windows and macOS, cannot start."
        )
    first, second, third = read(seen, [list] * 3, "What its copies gave")
    _judge(first, wanted, 0, ", from a pickled copy")
    _judge(second, wanted, 0, ", from a copy that was pickled after a loop had begun")
    _judge(third, wanted, 0, ", from a copy that was pickled after a whole loop")
