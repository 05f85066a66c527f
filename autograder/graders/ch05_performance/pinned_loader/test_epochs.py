"""Whatever the loader is and however an epoch ends."""

import numpy as np

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary.cuda import fake_cuda
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import polled
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

from .driving import consumed, drive, loader_of, plain
from .epoch import WHAT, Epoch, arrays_in, batches_of, device_of, equal, observe, observe_all


@check(points=1, hint="Build a new dict, tuple or list; change none that you were given.")
def test_leaves_batches_alone(student, rng):
    """The loader's own batches stay as they are, and so do those that were handed over."""
    batches = batches_of(rng, rng.randint(10, 14))
    epoch = observe(student, batches, lazy=False)
    epoch.check_handed()
    used = [arrays_in(seen, want) for seen, want in zip(epoch.used, batches, strict=False)]
    kept = [arrays_in(seen, want) for seen, want in zip(epoch.kept, batches, strict=False)]
    expect(
        same(kept, used),
        "Batches that the consumer kept changed later: their device memory was used again.",
    )

    @student.fresh().observe(batches=batches, helpers=(loader_of, plain))
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
            epochs.append([plain(batch, gpu.kind) for batch in handed])
        return [before == [plain(batch, look) for batch in own], epochs[0] == epochs[1]]

    expect(
        all(read(seen, [bool, bool], WHAT)),
        "The loader was a list of batches, and they were changed: a tensor inside one was "
        "replaced or moved, and the next epoch finds it on the device.",
    )


@check(points=1, hint="Recurse: dict, tuple and list call the function again, the rest returns.")
def test_any_nesting(student, rng):
    """Tensors in nested dicts, tuples and lists are copied, everything else stays."""
    forms = {"tensor": "that are a tensor", "pair": "that are a tuple", "nested": "with nesting"}
    work = [(batches_of(rng, 4, form), 2, device_of(rng)) for form in forms]
    epochs = observe_all(student, *work, lazy=False)
    for epoch, what in zip(epochs, forms.values(), strict=True):
        expect(
            equal(epoch.used, epoch.batches),
            f"From batches {what} a type, a key, a value or something that is no tensor got lost.",
        )
        host = epoch.memories().count(None)
        expect(host == 0, f"In batches {what} {host} tensors stayed on the host.")


@check(points=1, hint="`iter(loader)`, then `next` until it stops: nothing else of it is needed.")
def test_data_loader(student, rng):
    """A DataLoader is a source, whether it pins or not, and so is a loader without len()."""
    batches = batches_of(rng, 5)
    epoch = observe(student, batches, sized=False, lazy=False)
    epoch.check_handed()
    expect(equal(epoch.used, batches), "A loader without a length lost or changed batches.")
    images = np.random.default_rng(rng.getrandbits(32)).normal(size=(11, 3)).astype(np.float32)

    @student.fresh().observe(images=images, helpers=(consumed, plain))
    def seen(module, images):
        import torch
        from torch.utils.data import DataLoader

        gpu = fake_cuda(module, lazy=False)
        data = [(torch.from_numpy(image), i) for i, image in enumerate(images)]
        found = []
        for pins in (False, True):
            loader = DataLoader(data, batch_size=4, num_workers=0, pin_memory=pins)
            start = len(gpu.log)
            batches = consumed(gpu, module.PinnedLoader(loader, "cuda"), 5)
            copied = [event[2] for event in gpu.log[start:] if event[0] == "copy"]
            found.append([batches, copied])
        return found

    want = [[images[i : i + 4], np.arange(i, min(i + 4, 11))] for i in (0, 4, 8)]
    read(seen, [[list, list[bool]]] * 2, WHAT)
    for pins, (handed, copied) in zip(("", " with pin_memory=True"), seen, strict=True):
        arrived = same(handed, want)
        expect(arrived, f"The batches of a DataLoader{pins} did not arrive as they were.")
        pinned = len(copied) > 0 and all(copied)
        expect(pinned, f"Batches of a DataLoader{pins} were not copied from pinned memory.")


@check(points=1, hint="`__iter__` starts a new epoch: nothing of an older one lives in self.")
def test_len_and_new_epochs(student, rng):
    """len() is the loader's, and every loop is a whole epoch, also after a break."""
    batches, length, leave = batches_of(rng, 6), rng.randint(100, 999), rng.randint(1, 4)

    work = {"batches": batches, "length": length, "leave": leave}

    @student.observe(**work, helpers=(loader_of, consumed, plain))
    def seen(module, batches, length, leave):
        gpu = fake_cuda(module, lazy=False)

        class Sized:
            size = length

            def __len__(self):
                return self.size

            def __iter__(self):
                return iter(())

        sizes, sized = [], Sized()
        for pinned in (module.PinnedLoader(sized, "cuda"), module.PinnedLoader(sized, "cpu")):
            sizes.append(len(pinned))
            sized.size += 3
            sizes.append(len(pinned))
        faults = [OSError("in the first epoch"), None, None]

        class Loader:
            def __iter__(self):
                return iter(loader_of(gpu.log, batches, faults.pop(0)))

        pinned = module.PinnedLoader(Loader(), "cuda", depth=len(batches) + 2)
        more = len(batches) + 1
        return [sizes, [consumed(gpu, pinned, most) for most in (leave, more, more)]]

    sizes, epochs = read(seen, [list[int], [list] * 3], WHAT)
    expect(sizes[0] == length, "len() is not the length of the loader.")
    now = [length, length + 3, length + 3, length + 6]
    expect(sizes == now, "len() is not the length that the loader has by now.")
    expect(
        same(epochs[0], batches[:leave]),
        "The first batches of the first epoch are not the loader's.",
    )
    names = ["after a break", "after a whole epoch"]
    for name, epoch in zip(names, epochs[1:], strict=True):
        expect(
            same(epoch, batches),
            f"A second loop {name} did not give all batches again, from the first one on "
            f"({len(epoch)} of {len(batches)} came). Batches ahead belong to one loop.",
        )


@check(points=1, hint="Catch it where you read ahead, keep it, raise it when the deque is empty.")
def test_error_at_its_own_place(student, rng):
    """An exception of the loader arrives as it is, after every batch before it."""
    kinds = ["ValueError", "OSError", "RuntimeError", "KeyError"]
    ways = ((2, rng.randint(4, 6)), (rng.randint(2, 4), 1), (1, 0))
    work = [
        (batches_of(rng, count) if count else [], depth, {"error": rng.choice(kinds)})
        for depth, count in ways
    ]
    for epoch in observe_all(student, *work):
        count = len(epoch.batches)
        expect(epoch.end != "stop", "The loader raised an exception, and it did not arrive.")
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
    batches, leave = batches_of(rng, 12, "tensor"), rng.randint(1, 4)

    @student.observe(batches=batches, leave=leave, helpers=(loader_of, plain))
    def seen(module, batches, leave):
        import threading

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
            left = polled(lambda: len(set(threading.enumerate()) - before), seconds=5, collect=True)
            found.append([count, left])
            if left:
                break
        copies = [event for event in gpu.log if event[0] == "copy"]
        return [found, len(copies)]

    found, copies = read(seen, [list[[int, int]], int], WHAT)
    ways = ("was left by break", "came to its end", "ended with the loader's exception")
    for way, (_, left) in zip(ways, found, strict=False):
        expect(
            left == 0,
            f"After a loop that {way} a thread of yours was still there, seconds later: it waits "
            "for a consumer that will not come, and holds its batches.",
        )
    read(found, [list] * 3, WHAT)
    expect(found[0][0] == leave and copies > 0, "No batch was copied at all.")


@check(points=1, hint="Check in __init__, before anything is iterated.")
def test_depth_is_checked_at_construction(student, rng):
    """A depth below 1 is a ValueError at construction."""

    def call(module, depth):
        module.PinnedLoader([], "cpu", depth=depth)

    depths = {f"depth={depth}": {"depth": depth} for depth in (0, -1)}
    depths["a negative depth"] = {"depth": -rng.randint(2, 99)}
    accepted = "{What} was accepted at construction: nothing could be copied ahead."
    expect_refusals(student, call, depths, Refusal("ValueError", accepted=accepted))


@check(points=1, hint="What counts is the device that you were given, not the machine alone.")
def test_cpu_beside_cuda(student, rng):
    """With device="cpu" on a machine that has CUDA it passes through, too."""
    batches = batches_of(rng, 4)

    as_object = rng.random() < 0.5

    @student.observe(batches=batches, as_object=as_object, helpers=(loader_of, plain, drive))
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
    expect(equal(epoch.used, batches), 'With device="cpu" the batches did not come as they are.')
    expect(
        set(epoch.memories()) <= {None},
        'With device="cpu" the batches were copied to the accelerator.',
    )
    pins = len(epoch.events("pin", 2))
    expect(pins == 0, f'With device="cpu" {pins} tensors were pinned, for nothing.')
