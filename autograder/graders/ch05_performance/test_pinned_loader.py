"""Hidden grader of ``pinned_loader``.

There is no GPU in most places where this runs. ``fake_cuda`` stands in for one inside the
student's process: it logs what is pinned, copied, recorded and handed over, and it is as slow
as a device may be. A copy stays in flight until something waits for it, so a wait that is missing
and a buffer that is reused too early both show as wrong values.
"""

import numpy as np

from autograder.checks import check, expect, fail, needs, show
from autograder.judging.vocabulary.cuda import fake_cuda


def loader_of(log, batches, error=None, know=None, sized=True):
    """A loader that makes fresh tensors of the arrays in ``batches`` and logs each take.

    After the last of them it raises ``error``, if there is one.
    """
    import torch

    def fresh(value, name):
        if type(value) is dict:
            return {key: fresh(part, f"{name}.{key}") for key, part in value.items()}
        if type(value) in (list, tuple):
            return type(value)(fresh(part, f"{name}.{i}") for i, part in enumerate(value))
        if not hasattr(value, "dtype"):
            return value
        tensor = torch.from_numpy(value.copy())
        if know is not None:
            know(tensor, name)
        return tensor

    class Loader:
        def __iter__(self):
            for i, batch in enumerate(batches):
                log.append(["take", i])
                yield fresh(batch, str(i))
            if error is not None:
                log.append(["raise"])
                raise error

    if sized:
        Loader.__len__ = lambda self: len(batches)
    return Loader()


def plain(value, read):
    """A batch as evidence: each tensor becomes ``{"at": where, "is": array}`` by ``read``."""
    import torch

    if isinstance(value, torch.Tensor):
        return read(value)
    if type(value) is dict:
        return {key: plain(part, read) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(plain(part, read) for part in value)
    return value


def drive(
    module,
    batches,
    depth,
    device="cuda",
    as_object=False,
    lazy=True,
    own_stream=False,
    sized=True,
    error=None,
    moves=False,
):
    """One epoch on the stand-in for CUDA; with ``own_stream`` the consumer has left stream 0.

    With ``moves`` it goes on to another stream after three batches.

    Returns the log; each batch as a kernel of the consumer saw it and as it was in the end; how
    the epoch ended; and the number of the consumer's stream.
    """
    import builtins
    import threading
    import time

    import torch

    gpu = fake_cuda(module, lazy)
    planned = getattr(builtins, error)("planned") if error else None
    loader = loader_of(gpu.log, batches, planned, gpu.know, sized)
    threads = threading.active_count()
    options = {} if depth is None else {"depth": depth}
    pinned = module.PinnedLoader(loader, torch.device(device) if as_object else device, **options)
    handed, used, end = [], [], "endless"

    def array(tensor):
        return tensor.detach().contiguous().numpy().copy()

    with torch.cuda.stream(gpu.make_stream() if own_stream else None):
        home = gpu.current().number
        iterator = iter(pinned)
        for i in range(len(batches) + 2):
            if moves and i == 3:  # with depth=2, all of five batches have been queued by then
                torch.cuda.set_stream(gpu.make_stream())
            gpu.log.append(["ask", i])
            try:
                batch = next(iterator)
            except StopIteration:
                end = "stop"
                break
            except Exception as caught:
                if ["raise"] not in gpu.log:
                    raise
                end = ["raised", caught is planned]
                break
            memories = []
            gpu.log.append(["hand", i, gpu.current().number, memories])

            def use(tensor, memories=memories):
                where = gpu.kind(tensor)
                memories.append(gpu.memory(tensor) if where == "device" else None)
                return {"at": where, "is": gpu.use(tensor)}

            used.append(plain(batch, use))
            handed.append(batch)
            if threading.active_count() > threads:
                time.sleep(0.02)  # a thread that reads ahead gets the time to go too far
        # The consumer's stream first: what it did not wait for has not happened yet.
        gpu.current().synchronize()
    gpu.synchronize()
    used = [plain(batch, array) for batch in used]
    kept = [plain(batch, lambda t: {"at": gpu.kind(t), "is": array(t)}) for batch in handed]
    return [list(gpu.log), used, kept, end, home]


# -- the judge's side ----------------------------------------------------------------------


UNREADABLE = "What the loader did could not be read."


def _shaped(seen, *types):
    """A list of evidence with items of exactly these types (None: any), or a failed check."""
    good = type(seen) is list and len(seen) == len(types)
    if not good or any(t and type(s) is not t for s, t in zip(seen, types, strict=True)):
        fail(UNREADABLE)
    return seen


def _is_event(event):
    """Whether an entry of the log is one that ``drive`` may have written."""
    if type(event) is not list or not event or type(event[0]) is not str:
        return False
    if event[0] != "hand":
        return all(type(field) in (int, bool, str, type(None)) for field in event)
    known = len(event) == 4 and type(event[1]) is int and type(event[2]) is int
    return known and type(event[3]) is list and all(type(m) in (int, type(None)) for m in event[3])


class Epoch:
    """What ``drive`` saw, checked for its shape, with the questions that checks ask of it."""

    def __init__(self, seen, batches):
        self.batches = batches
        log, self.used, self.kept, self.end, self.home = _shaped(seen, list, list, list, None, int)
        if type(self.end) is not str:
            _shaped(self.end, str, bool)
        if not all(map(_is_event, log)):
            fail(UNREADABLE)
        self.log = log
        self.hands = [i for i, event in enumerate(log) if event[0] == "hand"]

    def events(self, kind, size, start=0, stop=None):
        """Positions of the events of a kind within a part of the log."""
        part = enumerate(self.log[start:stop], start)
        return [i for i, event in part if event[0] == kind and len(event) == size]

    def check_handed(self):
        """Fail unless there are batches to judge by, with all their tensors on the device.

        Whether all of them came is the business of the checks that ask for it.
        """
        count = len(self.batches)
        if not min(count, 2) <= len(self.hands) <= count:
            fail(f"{len(self.hands)} batches were handed over; the loader has {count}.")
        for at, batch in zip(self.hands, self.batches, strict=False):
            memories = self.log[at][3]
            if len(memories) != len(_leaves(batch)):
                fail("The batches that came out do not hold the tensors that went in.")
            if any(type(m) is not int for m in memories):
                fail("A batch was handed over with a tensor that is still on the host.")

    def copies(self):
        """For each batch the position of its hand-over and those of the copies that made it."""
        self.check_handed()
        found = []
        for at in self.hands:
            before = self.events("copy", 6, 0, at)
            mine = [[i for i in before if self.log[i][1] == memory] for memory in self.log[at][3]]
            if not all(mine):
                fail("A tensor was handed over on the device that nothing was copied to.")
            # Memory that is used again holds older copies, too: the last one made this batch.
            found.append((at, [positions[-1] for positions in mine]))
        return found

    def flags(self, index):
        """One field of every copy that made a batch."""
        return [self.log[i][index] for _, copies in self.copies() for i in copies]


def _leaves(batch):
    """The arrays of a batch, in order."""
    if isinstance(batch, np.ndarray):
        return [batch]
    if type(batch) not in (dict, list, tuple):
        return []
    parts = batch.values() if type(batch) is dict else batch
    return [leaf for part in parts for leaf in _leaves(part)]


def _read(seen, want):
    """``seen`` with ``{"at", "is"}`` read as arrays, where ``want`` has arrays."""
    if isinstance(want, np.ndarray):
        known = type(seen) is dict and set(seen) == {"at", "is"}
        return seen["is"] if known else seen
    if type(want) is dict and type(seen) is dict and set(seen) == set(want):
        return {key: _read(seen[key], part) for key, part in want.items()}
    if type(want) in (list, tuple) and type(seen) is type(want) and len(seen) == len(want):
        return type(want)(_read(s, w) for s, w in zip(seen, want, strict=True))
    return seen


def _places(seen):
    """Where the tensors of a batch lie."""
    if type(seen) is dict and set(seen) == {"at", "is"}:
        return [seen["at"]] if type(seen["at"]) is str else ["?"]
    parts = seen.values() if type(seen) is dict else seen
    known = type(seen) in (dict, list, tuple)
    return [place for part in parts for place in _places(part)] if known else []


def _same(seen, want):
    """Whether evidence equals a batch: nesting, types, dtypes, shapes and values."""
    if isinstance(want, np.ndarray):
        return (
            type(seen) is np.ndarray
            and seen.dtype == want.dtype
            and seen.shape == want.shape
            and bool((seen == want).all())
        )
    if type(seen) is not type(want):
        return False
    if type(want) is dict:
        return set(seen) == set(want) and all(_same(seen[key], want[key]) for key in want)
    if type(want) in (list, tuple):
        return len(seen) == len(want) and all(map(_same, seen, want))
    return bool(seen == want)


def _equal(seen, batches):
    """Whether all batches of an epoch are what they must be."""
    return len(seen) == len(batches) and all(
        _same(_read(s, w), w) for s, w in zip(seen, batches, strict=True)
    )


def _batches(rng, count, form="dict"):
    """Batches of arrays whose content is found nowhere else; the last one is shorter."""
    source = np.random.default_rng(rng.getrandbits(32))
    rows = rng.randint(3, 5)

    def batch(index):
        n = rows if index < count - 1 else rows - rng.randint(1, 2)
        image = source.normal(size=(n, 2, 3)).astype(np.float32)
        label = source.integers(1000, 2**40, n)
        if form == "tensor":
            return image
        if form == "pair":
            return (image, label)
        if form == "dict":
            return {"image": image, "label": label}
        return {
            "image": image,
            "target": [
                {"boxes": source.normal(size=(n, 4)), "names": [f"{v:x}" for v in label]},
                (source.integers(0, 256, (n, 9)).astype(np.uint8), label, None),
            ],
            "index": index,
            "split": "train",
            "scale": np.asarray(source.normal(), dtype=np.float32),
        }

    return [batch(i) for i in range(count)]


def _observe(student, batches, depth=2, **options):
    return Epoch(
        student.run(
            drive, batches=batches, depth=depth, helpers=(fake_cuda, loader_of, plain), **options
        ),
        batches,
    )


def _device(rng):
    return {"device": rng.choice(["cuda", "cuda:0"]), "as_object": rng.random() < 0.5}


def _story(log):
    """The log in words, for a public check: ``take 0, copy 0, …, hand 0``."""
    words = []
    memory_of = {}
    for event in log:
        if event[0] == "hand":
            memory_of.update({m: event[1] for m in event[3]})
    for event in log:
        word = ""
        if event[0] in ("take", "hand"):
            word = f"{event[0]} {event[1]}"
        elif event[0] == "copy" and len(event) == 6:
            word = f"copy {memory_of.get(event[1], '?')}"
        if word and word not in words[-1:]:
            words.append(word)
    text = ", ".join(words)
    return text if len(text) <= 300 else text[:300] + " …"


def _judge_ahead(epoch, depth, story=""):
    """At each hand-over exactly the next ``depth`` batches are on their way."""
    copies, count = epoch.copies(), len(epoch.batches)
    for i, (at, _) in enumerate(copies):
        last = min(i + depth, len(copies) - 1)
        missing = [j for j in range(i + 1, last + 1) if max(copies[j][1]) > at]
        if missing and len(missing) == last - i:
            fail(
                "When a batch was handed over, no copy of a later one had been queued: copies "
                "and the consumer's work take turns. Pin and copy ahead, not when a batch is "
                f"asked for.{story}"
            )
        if missing:
            fail(
                "When a batch was handed over, fewer than `depth` copies of later ones had been "
                "queued. Hold depth + 1 batches before you hand over the first of them: depth "
                f"must be left behind it.{story}"
            )
    asks = {epoch.log[i][1]: i for i in epoch.events("ask", 2)}
    for i in range(count):
        taken = len(epoch.events("take", 2, 0, asks.get(i + 1, len(epoch.log))))
        if taken > min(count, i + 1 + depth):
            how = "All of them, in fact: the loader was read to its end first."
            if taken < count:
                how = "(A thread that waits to put a batch into a full queue holds one more.)"
            fail(
                "While the consumer held a batch, more than `depth` later ones had been taken "
                f"from the loader. {how}{story}"
            )


@check(points=1, public=True, hint="One new nesting, with tensor.to(device) for each tensor.")
def test_batches_arrive_on_the_device(student, rng):
    """Every batch arrives once, in order, the shorter last one too, on the device."""
    batches = _batches(rng, 5)
    epoch = _observe(student, batches, lazy=False)
    expect(epoch.end != "endless", "After the last batch the iteration did not end.")
    lost = 5 - len(epoch.used)
    if lost > 0 and epoch.used and _equal(epoch.used, batches[:-lost]):
        fail(
            f"The last {lost} of 5 batches never arrived. What is still ahead when the loader "
            "ends has to be handed over, too."
        )
    expect(lost == 0, f"{len(epoch.used)} batches arrived; the loader has 5.")
    epoch.check_handed()
    numbers = [i for seen in epoch.used for i, w in enumerate(batches) if _equal([seen], [w])]
    if numbers != [0, 1, 2, 3, 4] and sorted(numbers) == [0, 1, 2, 3, 4]:
        fail(f"The batches arrived in the order {numbers}; the loader's order is 0, 1, 2, 3, 4.")
    expect(_equal(epoch.used, batches), "The batches on the device differ from the loader's.")


@check(points=1, public=True, hint="Look at torch.cuda.is_available() before anything else.")
def test_passes_through_without_cuda(student, rng):
    """Without CUDA, or with device="cpu", the batches come as they are, silently."""
    batches = _batches(rng, 4, "nested")

    @student.observe(batches=batches, helpers=(loader_of, plain))
    def seen(module, batches):
        import contextlib
        import importlib
        import io
        import warnings

        import torch

        # Also where torch was built for CUDA and would warn that it finds none.
        for owner in (torch.cuda, torch.accelerator):
            owner.is_available = lambda: False
            owner.device_count = lambda: 0
        torch.accelerator.current_accelerator = lambda check_available=False: None
        importlib.reload(module)
        found = []
        for device in ("cpu", "cuda", torch.device("cuda")):
            noise = io.StringIO()
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
                    own = list(loader_of([], batches))
                    pinned = module.PinnedLoader(own, device)
                    handed, places = [], []
                    for batch in pinned:
                        handed.append(plain(batch, lambda t: t.detach().numpy().copy()))
                        places.append(plain(batch, lambda t: t.data_ptr()))
                        if len(handed) > len(batches):
                            break
            kept = places == [plain(batch, lambda t: t.data_ptr()) for batch in own]
            found.append([handed, len(warned), len(noise.getvalue()), kept])
        return found

    for device, got in zip(
        ('"cpu"', '"cuda"', 'torch.device("cuda")'), _shaped(seen, list, list, list), strict=True
    ):
        handed, warned, printed, kept = _shaped(got, list, int, int, bool)
        expect(
            _same(handed, batches),
            f"With device={device} and no CUDA the batches were not handed on as they are.",
        )
        expect(
            kept,
            f"With device={device} and no CUDA the tensors handed on were copies, for nothing.",
        )
        expect(warned == 0, f"With device={device} and no CUDA it warned; it should be silent.")
        expect(printed == 0, f"With device={device} and no CUDA it printed; it should be silent.")


@check(points=2, public=True, hint="Before batch i is handed over, batch i + depth is taken.")
def test_two_batches_ahead(student, rng):
    """With depth=2, batches 1 and 2 are on their way when batch 0 is handed over."""
    epoch = _observe(student, _batches(rng, 6, "tensor"), depth=2)
    _judge_ahead(epoch, 2, f"\nYours: {_story(epoch.log)}")


@check(points=2, hint="Count what has been taken and what has been handed over, for depth=1.")
def test_any_depth(student, rng):
    """Any depth: so many batches are copied ahead, and no more are taken; two unless told."""
    epochs = {
        depth or 2: _observe(
            student.fresh(), _batches(rng, rng.randint(7, 9)), depth, **_device(rng)
        )
        for depth in (1, rng.randint(3, 5), 50, None)
    }
    first = [len(e.events("take", 2, 0, e.copies()[0][0])) for e in epochs.values()]
    if first[0] > 1 and len(set(first)) == 1:
        fail("Whatever depth was, the same number of batches was copied ahead.")
    for depth, epoch in epochs.items():
        _judge_ahead(epoch, depth)


@check(points=1, hint="pin_memory() gives a pinned copy; copy to the device from that one.")
def test_pins_every_tensor_once(student, rng):
    """Every tensor is copied from pinned memory, and pinned once."""
    epoch = _observe(student, _batches(rng, 5, "nested"), **_device(rng))
    pageable = epoch.flags(2).count(False)
    expect(
        pageable == 0,
        f"{pageable} of {len(epoch.flags(2))} tensors were copied from pageable memory: such a "
        "copy blocks, whatever non_blocking says.",
    )
    pins = [epoch.log[i][1] for i in epoch.events("pin", 2) if epoch.log[i][1] is not None]
    twice = len(pins) - len({str(name) for name in pins})
    expect(twice == 0, f"{twice} tensors were pinned more than once; each pinning is a copy.")


@check(points=1, hint="`.to` and `.cuda` have an argument for that, off by default.")
def test_copies_do_not_block(student, rng):
    """Every copy is made with non_blocking=True."""
    epoch = _observe(student, _batches(rng, 5), **_device(rng))
    blocking = epoch.flags(3).count(False)
    expect(
        blocking == 0,
        f"{blocking} of {len(epoch.flags(3))} copies were made without non_blocking=True: the "
        "host stands still until each of them is through.",
    )


@check(points=1, hint="with torch.cuda.stream(side): around the copies, and only around them.")
def test_copies_on_a_side_stream(student, rng):
    """The copies run on a side stream, and the consumer's stream stays the current one."""
    for own_stream in (False, True):
        epoch = _observe(student.fresh(), _batches(rng, 5), own_stream=own_stream)
        on_home = epoch.flags(4).count(epoch.home)
        expect(
            on_home == 0,
            f"{on_home} of {len(epoch.flags(4))} copies were queued on the consumer's own stream, "
            "where they wait for its kernels and its kernels for them.",
        )
        expect(
            all(epoch.log[at][2] == epoch.home for at in epoch.hands),
            "After the hand-over another stream was the current one: a `yield` inside `with "
            "torch.cuda.stream(...)`, or a set_stream that is not undone, leaves the consumer "
            "on your side stream.",
        )


def _garbage(epoch):
    """How many batches a kernel of the consumer read before their copy was through."""
    count = 0
    for seen, want in zip(epoch.used, epoch.batches, strict=False):
        pairs = zip(_leaves(_read(seen, want)), _leaves(want), strict=False)
        count += any(bool((got == 77).all()) and not _same(got, w) for got, w in pairs)
    return count


@check(points=2, hint="current_stream().wait_event(...) for the event that follows the copy.")
def test_waits_for_the_copy(student, rng):
    """The consumer's stream, whichever it is, waits for a batch's copy."""
    for which, depth, how in (
        ("", rng.randint(6, 9), {}),
        ("The consumer ran on a stream of its own. ", 2, {"own_stream": True}),
        ("After three batches the consumer went on to another stream. ", 2, {"moves": True}),
    ):
        epoch = _observe(student.fresh(), _batches(rng, 5), depth, **how)
        epoch.check_handed()
        garbage = _garbage(epoch)
        expect(
            garbage == 0,
            f"{which}In {garbage} of 5 batches its kernels read memory before the copy into it "
            "was through: the stream that is current at the hand-over did not wait.",
        )


@check(points=1, hint="tensor.record_stream(torch.cuda.current_stream()), for every tensor.")
def test_records_the_stream(student, rng):
    """record_stream is called on every tensor with the consumer's stream."""
    for own_stream, depth in ((False, rng.randint(6, 9)), (True, 2)):
        epoch = _observe(student.fresh(), _batches(rng, 5, "nested"), depth, own_stream=own_stream)
        lost = wrong = 0
        for at, copies in epoch.copies():
            records = [epoch.log[i] for i in epoch.events("record", 3, 0, at)]
            for position in copies:
                _, memory, _, _, side, made_on = epoch.log[position]
                streams = [r[2] for r in records if r[1] == memory]
                # Memory of the consumer's own stream needs the note for the stream of the copy.
                good = epoch.home in streams or (made_on == epoch.home and side in streams)
                lost += not streams
                wrong += bool(streams) and not good
        expect(
            lost == 0,
            f"{lost} tensors were handed over without record_stream: once the consumer drops "
            "one, its memory goes to the next copy while kernels may still read it.",
        )
        expect(
            wrong == 0,
            f"{wrong} tensors were recorded for another stream than the one that the consumer "
            "uses them on.",
        )


@check(points=2, hint="Let torch manage the pinned memory, or wait for the copy out of a buffer.")
def test_reuses_no_buffer_too_early(student, rng):
    """Pinned memory is not written to while a copy from it may still be running."""
    batches = _batches(rng, 16)
    epoch = _observe(student, batches, depth=rng.randint(1, 3))
    epoch.check_handed()
    overwritten = 0
    for used, kept, want in zip(epoch.used, epoch.kept, batches, strict=False):
        leaves = zip(
            *(_leaves(x) for x in (_read(used, want), _read(kept, want), want)), strict=False
        )
        # Where nobody waited the kernel saw nothing yet: what arrived in the end says it then.
        overwritten += any(not _same(k if bool((u == 77).all()) else u, w) for u, k, w in leaves)
    expect(
        overwritten == 0,
        f"{overwritten} of {len(batches)} batches hold the values of other ones: a pinned buffer "
        "was filled again before the device had copied what was in it. The host must wait for "
        "that copy (event.synchronize()) before it writes.",
    )


@check(points=1, hint="Build a new dict, tuple or list; change none that you were given.")
def test_leaves_batches_alone(student, rng):
    """The loader's own batches stay as they are, and so do those that were handed over."""
    batches = _batches(rng, rng.randint(10, 14))
    epoch = _observe(student, batches, lazy=False)
    epoch.check_handed()
    used = [_read(seen, want) for seen, want in zip(epoch.used, batches, strict=False)]
    kept = [_read(seen, want) for seen, want in zip(epoch.kept, batches, strict=False)]
    expect(
        all(map(_same, kept, used)),
        "Batches that the consumer kept changed later: their device memory was used again.",
    )

    @student.fresh().observe(batches=batches, helpers=(fake_cuda, loader_of, plain))
    def seen(module, batches):
        import itertools

        gpu = fake_cuda(module, lazy=False)
        own = list(loader_of([], batches))

        def look(tensor):
            return [id(tensor), gpu.kind(tensor)]

        before = [plain(batch, look) for batch in own]
        epochs = []
        for _ in range(2):
            handed = itertools.islice(module.PinnedLoader(own, "cuda"), len(batches) + 1)
            epochs.append([plain(batch, lambda tensor: gpu.kind(tensor)) for batch in handed])
        return [before == [plain(batch, look) for batch in own], epochs[0] == epochs[1]]

    expect(
        all(_shaped(seen, bool, bool)),
        "The loader was a list of batches, and they were changed: a tensor inside one was "
        "replaced or moved, and the next epoch finds it on the device.",
    )


@check(points=1, hint="Recurse: dict, tuple and list call the function again, the rest returns.")
def test_any_nesting(student, rng):
    """Tensors in nested dicts, tuples and lists are copied; everything else stays as it is."""
    forms = {"tensor": "that are a tensor", "pair": "that are a tuple", "nested": "with nesting"}
    for form, what in forms.items():
        batches = _batches(rng, 4, form)
        epoch = _observe(student.fresh(), batches, lazy=False, **_device(rng))
        expect(
            _equal(epoch.used, batches),
            f"From batches {what} a type, a key, a value or something that is no tensor got lost.",
        )
        host = [m for at in epoch.hands for m in epoch.log[at][3]].count(None)
        expect(host == 0, f"In batches {what} {host} tensors stayed on the host.")


@check(points=1, hint="`iter(loader)`, then `next` until it stops: nothing else of it is needed.")
def test_data_loader(student, rng):
    """A DataLoader is a source, whether it pins or not, and so is a loader without len()."""
    batches = _batches(rng, 5)
    epoch = _observe(student, batches, sized=False, lazy=False)
    epoch.check_handed()
    expect(_equal(epoch.used, batches), "A loader without a length lost or changed batches.")
    images = np.random.default_rng(rng.getrandbits(32)).normal(size=(11, 3)).astype(np.float32)

    @student.fresh().observe(images=images, helpers=(fake_cuda, plain))
    def seen(module, images):
        import torch
        from torch.utils.data import DataLoader

        gpu = fake_cuda(module, lazy=False)
        data = [(torch.from_numpy(image), i) for i, image in enumerate(images)]
        found = []
        for pins in (False, True):
            loader = DataLoader(data, batch_size=4, num_workers=0, pin_memory=pins)
            start, handed = len(gpu.log), []
            for batch in module.PinnedLoader(loader, "cuda"):
                handed.append(plain(batch, gpu.use))
                if len(handed) > 4:
                    break
            gpu.synchronize()
            copied = [event[2] for event in gpu.log[start:] if event[0] == "copy"]
            array = [plain(batch, lambda t: t.numpy().copy()) for batch in handed]
            found.append([array, copied])
        return found

    want = [[images[i : i + 4], np.arange(i, min(i + 4, 11))] for i in (0, 4, 8)]
    for pins, got in zip(("", " with pin_memory=True"), _shaped(seen, list, list), strict=True):
        handed, copied = _shaped(got, list, list)
        expect(
            _same(handed, want), f"The batches of a DataLoader{pins} did not arrive as they were."
        )
        expect(
            len(copied) > 0 and all(pinned is True for pinned in copied),
            f"Batches of a DataLoader{pins} were not copied from pinned memory.",
        )


@check(points=1, hint="`__iter__` starts a new epoch: nothing of an older one lives in self.")
def test_len_and_new_epochs(student, rng):
    """len() is the loader's, and every loop is a whole epoch, also after a break."""
    batches, length, leave = _batches(rng, 6), rng.randint(100, 999), rng.randint(1, 4)

    @student.observe(
        batches=batches, length=length, leave=leave, helpers=(fake_cuda, loader_of, plain)
    )
    def seen(module, batches, length, leave):
        gpu = fake_cuda(module, lazy=False)

        class Sized:
            def __len__(self):
                return length

            def __iter__(self):
                return iter(())

        size = len(module.PinnedLoader(Sized(), "cuda"))
        pinned = module.PinnedLoader(loader_of(gpu.log, batches), "cuda")
        epochs = []
        for stop in (leave, 0, 0):
            handed = []
            for batch in pinned:
                handed.append(plain(batch, gpu.use))
                if len(handed) == stop or len(handed) > len(batches):
                    break
            epochs.append(handed)
        gpu.synchronize()
        array = [[plain(b, lambda t: t.numpy().copy()) for b in epoch] for epoch in epochs]
        return [size, array]

    size, epochs = _shaped(seen, int, list)
    expect(size == length, "len() is not the length of the loader.")
    _shaped(epochs, list, list, list)
    expect(
        _same(epochs[0], batches[:leave]),
        "The first batches of the first epoch are not the loader's.",
    )
    names = ["after a break", "after a whole epoch"]
    for name, epoch in zip(names, epochs[1:], strict=True):
        expect(
            _same(epoch, batches),
            f"A second loop {name} did not give all batches again, from the first one on "
            f"({len(epoch)} of {len(batches)} came). Batches ahead belong to one loop.",
        )


@check(points=2, hint="Catch it where you read ahead, keep it, raise it when the deque is empty.")
def test_error_at_its_own_place(student, rng):
    """An exception of the loader arrives as it is, after every batch before it."""
    kinds = ["ValueError", "OSError", "RuntimeError", "KeyError"]
    for depth, count in ((2, rng.randint(4, 6)), (rng.randint(2, 4), 1), (1, 0)):
        batches = _batches(rng, count) if count else []
        epoch = _observe(student.fresh(), batches, depth, error=rng.choice(kinds))
        expect(epoch.end != "stop", "The loader raised an exception, and nobody heard of it.")
        expect(
            epoch.end != "endless",
            "The loader raised an exception, and the iteration went on without end.",
        )
        expect(
            len(epoch.used) == count,
            f"{count - len(epoch.used)} good batches got lost: the loader's exception came too "
            "early. You meet it while reading ahead; keep it until the batches before it are "
            "handed over.",
        )
        expect(epoch.end[1] is True, "Another exception arrived than the one that was raised.")


@check(points=1, hint="A thread needs to be told: a finally, or a queue.put with a timeout.")
def test_leaves_no_thread(student, rng):
    """When a loop has ended, by break too, no thread is left."""
    batches, leave = _batches(rng, 12, "tensor"), rng.randint(1, 4)

    @student.observe(batches=batches, leave=leave, helpers=(fake_cuda, loader_of))
    def seen(module, batches, leave):
        import gc
        import threading
        import time

        gpu = fake_cuda(module)
        before = set(threading.enumerate())
        found, keep = [], []
        for stop, error in ((leave, None), (0, None), (0, OSError("planned"))):
            pinned = module.PinnedLoader(loader_of(gpu.log, batches, error), "cuda", depth=2)
            keep.append(pinned)
            count = 0
            try:
                for _ in pinned:
                    count += 1
                    if count == stop or count > len(batches):
                        break
            except Exception:
                if ["raise"] not in gpu.log:
                    raise
            error = None
            deadline = time.monotonic() + 5
            left = set(threading.enumerate()) - before
            while left and time.monotonic() < deadline:
                gc.collect()
                time.sleep(0.01)
                left = set(threading.enumerate()) - before
            found.append([count, len(left)])
            if left:
                break
        copies = [event for event in gpu.log if event[0] == "copy"]
        return [found, len(copies)]

    found, copies = _shaped(seen, list, int)
    ways = ("was left by break", "came to its end", "ended with the loader's exception")
    for way, got in zip(ways, found, strict=False):
        expect(
            _shaped(got, int, int)[1] == 0,
            f"After a loop that {way} a thread of yours was still there, seconds later: it waits "
            "for a consumer that will not come, and holds its batches.",
        )
    _shaped(found, list, list, list)
    expect(found[0][0] == leave and copies > 0, "No batch was copied at all.")


@check(points=1, hint="Check in __init__, before anything is iterated.")
def test_depth_is_checked_at_construction(student, rng):
    """A depth below 1 is a ValueError at construction."""

    @student.observe(low=-rng.randint(2, 99))
    def seen(module, low):
        found = []
        for depth in (0, -1, low):
            try:
                module.PinnedLoader([], "cpu", depth=depth)
                found.append("accepted")
            except NotImplementedError:
                raise
            except Exception as error:
                found.append([kind.__name__ for kind in type(error).__mro__])
        return found

    for got in _shaped(seen, None, None, None):
        expect(
            type(got) is list,
            "A depth below 1 was accepted at construction: nothing could be copied ahead.",
        )
        names = [name for name in got if type(name) is str]
        expect(
            "ValueError" in names,
            f"A depth below 1 should raise ValueError; yours raised {show(names[:1])}.",
        )


@check(points=1, hint="What counts is the device that you were given, not the machine alone.")
def test_cpu_beside_cuda(student, rng):
    """With device="cpu" on a machine that has CUDA it passes through, too."""
    batches = _batches(rng, 4)

    @student.observe(
        batches=batches, as_object=rng.random() < 0.5, helpers=(fake_cuda, loader_of, plain, drive)
    )
    def seen(module, batches, as_object):
        try:
            return drive(module, batches, 2, "cpu", as_object)
        except NotImplementedError as error:  # what torch raises for a tensor on the host
            if "record_stream" not in str(error):
                raise
            return "record_stream"

    if type(seen) is str:
        fail(
            'With device="cpu" on a machine with CUDA record_stream was called on host tensors: '
            "your code looked at the machine, not at the device that it was given."
        )
    epoch = Epoch(seen, batches)
    expect(_equal(epoch.used, batches), 'With device="cpu" the batches did not come as they are.')
    expect(
        all(m is None for at in epoch.hands for m in epoch.log[at][3]),
        'With device="cpu" the batches were copied to the accelerator.',
    )
    pins = len(epoch.events("pin", 2))
    expect(pins == 0, f'With device="cpu" {pins} tensors were pinned, for nothing.')


# -- on a real GPU -------------------------------------------------------------------------

# CUDA reserves address space by the terabyte, and starts threads.
ROOM = {"wall": 120.0, "cpu": 120.0, "memory": 1 << 40, "processes": 256}

BLOCKING = """
class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        self.loader, self.device = loader, device

    def __iter__(self):
        for batch in self.loader:
            yield batch.to(self.device)
"""


def has_cuda(module):
    import torch

    return torch.cuda.is_available()


def work_for_a_copy(module, megabytes):
    """How many rounds of the work below take about as long as one blocking copy."""
    import statistics
    import time

    import torch

    batch = torch.zeros(megabytes << 18, dtype=torch.int32)
    square = torch.ones(2048, 2048, device="cuda", dtype=torch.float16)

    def seconds(function, repeats):
        times = []
        for _ in range(7):
            torch.cuda.synchronize()
            began = time.perf_counter()
            for _ in range(repeats):
                function()
            torch.cuda.synchronize()
            times.append((time.perf_counter() - began) / repeats)
        return statistics.median(times)

    # Half as much again as a copy: what the host needs to pin a batch hides behind it, too.
    rounds = 1.5 * seconds(lambda: batch.cuda(), 1) / seconds(lambda: square @ square, 50)
    return min(2000, max(1, round(rounds)))


def timed_epoch(module, seed, count, megabytes, rounds, longer):
    """An epoch over pageable batches, with work on each; the sum of all values."""
    import torch

    if not hasattr(torch, "_kata_batches"):  # made once a process: not what is measured
        size = megabytes << 18
        torch._kata_batches = [torch.arange(size, dtype=torch.int32) % 1009 for _ in range(count)]
        torch._kata_square = torch.ones(2048, 2048, device="cuda", dtype=torch.float16)
    host, square = torch._kata_batches, torch._kata_square
    for i, batch in enumerate(host):
        batch[i] = (seed * 31 + i * 7) % 100_003
    total = torch.zeros((), dtype=torch.int64, device="cuda")
    for batch in module.PinnedLoader(host * longer, "cuda", depth=2):
        for _ in range(rounds):
            square @ square
        total += batch.sum(dtype=torch.int64)
    return total.item()


@check(points=2, kind="gpu", needs=("gpu",), hint="Pin, copy on the side stream, wait, record.")
def test_on_a_gpu(student, rng):
    """On a real GPU: pinned sources, the right device, the right values."""
    side = student.within(**ROOM)
    needs("gpu", side.run(has_cuda) is True)
    batches = _batches(rng, 8, "nested")

    @side.observe(batches=batches, helpers=(loader_of, plain))
    def seen(module, batches):
        import importlib

        import torch

        importlib.reload(module)  # as everywhere here
        pinned = []

        def watch(name):
            original = getattr(torch.Tensor, name)

            def watched(self, *arguments, **options):
                result = original(self, *arguments, **options)
                source = arguments[0] if name == "copy_" else self
                if result.is_cuda and not source.is_cuda:
                    pinned.append(source.is_pinned())
                return result

            setattr(torch.Tensor, name, watched)

        for name in ("to", "cuda", "copy_"):
            watch(name)
        copy_each = torch._foreach_copy_

        def watched_each(targets, sources, *more, **options):
            pairs = zip(targets, sources, strict=True)
            pinned.extend(s.is_pinned() for t, s in pairs if t.is_cuda and not s.is_cuda)
            return copy_each(targets, sources, *more, **options)

        torch._foreach_copy_ = watched_each
        handed = []
        for batch in module.PinnedLoader(loader_of([], batches), "cuda"):
            # Each value is read by a kernel of the consumer, queued at once.
            handed.append(plain(batch, lambda t: {"at": t.device.type, "is": t.clone()}))
            if len(handed) > len(batches):
                break
        torch.cuda.synchronize()
        return [pinned, [plain(b, lambda t: t.cpu().numpy()) for b in handed]]

    pinned, handed = _shaped(seen, list, list)
    expect(_equal(handed, batches), "On a real GPU the batches did not arrive as they were.")
    places = {place for batch in handed for place in _places(batch)}
    expect(places == {"cuda"}, "On a real GPU tensors were handed over that are not on it.")
    expect(len(pinned) > 0, "No copy to the GPU was seen: use .to, .cuda or .copy_.")
    expect(all(p is True for p in pinned), "Tensors were copied from pageable memory.")


@check(points=2, kind="gpu", needs=("gpu",), hint="All three: pinned, non_blocking, side stream.")
def test_copies_overlap_with_work(student, baseline, compare_speed, rng):
    """An epoch takes at most 0.85x that of blocking copies from pageable memory."""
    side, blocking = student.within(**ROOM), baseline(BLOCKING).within(**ROOM)
    needs("gpu", blocking.run(has_cuda) is True)
    count, megabytes = 12, 32
    rounds = blocking.fresh().run(work_for_a_copy, megabytes=megabytes)

    def inputs(_, longer=1):
        work = {"count": count, "megabytes": megabytes, "rounds": rounds}
        return {"seed": rng.randrange(10**6), "longer": longer, **work}

    def same(mine, theirs):
        return type(mine) is int and mine == theirs

    speed = compare_speed(side, blocking, timed_epoch, inputs, at_most=0.85, same=same, waits=True)
    expect(
        speed.ratio <= 0.85,
        f"An epoch took {speed} the time of one with blocking copies from pageable memory; the "
        "limit is 0.85x. Copies and work do not overlap.",
    )
