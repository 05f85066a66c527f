"""Batches arrive in order, and are copied ahead: `depth` of them, no more."""

from itertools import pairwise

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary.evidence import read

from .driving import loader_of, plain
from .epoch import WHAT, batches_of, device_of, equal, observe, observe_all


def _story(log):
    """The log in words, for a public check: ``take 0, copy 0, …, hand 0``."""
    words = []
    batch_in = {memory: event[1] for event in log if event[0] == "hand" for memory in event[3]}
    for event in log:
        word = ""
        if event[0] in ("take", "hand"):
            word = f"{event[0]} {event[1]}"
        elif event[0] == "copy" and len(event) == 6:
            word = f"copy {batch_in.get(event[1], '?')}"
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
    batches = batches_of(rng, 5)
    epoch = observe(student, batches, lazy=False)
    expect(epoch.end != "endless", "After the last batch the iteration did not end.")
    lost = 5 - len(epoch.used)
    if lost > 0 and epoch.used and equal(epoch.used, batches[:-lost]):
        fail(
            f"The last {lost} of 5 batches never arrived. What is still ahead when the loader "
            "ends has to be handed over, too."
        )
    expect(lost == 0, f"{len(epoch.used)} batches arrived; the loader has 5.")
    epoch.check_handed()
    numbers = [i for seen in epoch.used for i, w in enumerate(batches) if equal([seen], [w])]
    if numbers != [0, 1, 2, 3, 4] and sorted(numbers) == [0, 1, 2, 3, 4]:
        fail(f"The batches arrived in the order {numbers}; the loader's order is 0, 1, 2, 3, 4.")
    expect(equal(epoch.used, batches), "The batches on the device differ from the loader's.")


@check(points=1, public=True, hint="Look at torch.cuda.is_available() before anything else.")
def test_passes_through_without_cuda(student, rng):
    """Without CUDA, or with device="cpu", the batches come as they are, silently."""
    batches = batches_of(rng, 4, "nested")

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
                    handed, kept = [], True
                    for i, batch in enumerate(pinned):
                        handed.append(plain(batch, lambda t: t.detach().numpy().copy()))
                        if len(handed) > len(batches):
                            break
                        kept = kept and batch is own[i]
            found.append([handed, len(warned), len(noise.getvalue()), kept])
        return found

    read(seen, [[list, int, int, bool]] * 3, WHAT)
    devices = ('"cpu"', '"cuda"', 'torch.device("cuda")')
    for device, (handed, warned, printed, kept) in zip(devices, seen, strict=True):
        without = f"With device={device} and no CUDA"
        expect(same(handed, batches), f"{without} the batches were not handed on as they are.")
        expect(
            kept,
            f"{without} the batches handed on were equal to the loader's, but not the very "
            "objects: they were built anew, for nothing.",
        )
        expect(warned == 0, f"{without} it warned; it should be silent.")
        expect(printed == 0, f"{without} it printed; it should be silent.")


@check(points=9, hint="Queue the next copy before you hand a batch over, not when it is asked for.")
def test_copies_ahead(student, rng):
    """While the consumer holds a batch, the copy of the next one has been queued."""
    batches = batches_of(rng, rng.randint(4, 6))
    copies = observe(student, batches, rng.randint(2, 3), lazy=False, **device_of(rng)).copies()
    late = sum(max(mine) > at for (at, _), (_, mine) in pairwise(copies))
    expect(
        late == 0,
        f"At {late} of {len(copies) - 1} hand-overs the copy of the next batch had not been "
        "queued: copies and the consumer's work take turns.",
    )


@check(points=5, public=True, hint="Before batch i is handed over, batch i + depth is taken.")
def test_two_batches_ahead(student, rng):
    """With depth=2, batches 1 and 2 are on their way when batch 0 is handed over."""
    epoch = observe(student, batches_of(rng, 6, "tensor"), depth=2)
    _judge_ahead(epoch, 2, f"\nYours: {_story(epoch.log)}")


@check(points=5, hint="Count what has been taken and what has been handed over, for depth=1.")
def test_any_depth(student, rng):
    """Any depth: so many batches are copied ahead, and no more are taken; two unless told."""
    depths = (1, rng.randint(3, 5), 50, None)
    work = [(batches_of(rng, rng.randint(7, 9)), depth, device_of(rng)) for depth in depths]
    seen = observe_all(student, *work)
    epochs = {depth or 2: epoch for depth, epoch in zip(depths, seen, strict=True)}
    first = [len(e.events("take", 2, 0, e.copies()[0][0])) for e in epochs.values()]
    if first[0] > 1 and len(set(first)) == 1:
        fail("The same number of batches was copied ahead for every depth.")
    for depth, epoch in epochs.items():
        _judge_ahead(epoch, depth)
