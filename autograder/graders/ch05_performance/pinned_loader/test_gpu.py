"""The same on a real GPU."""

from autograder.checks import check, expect, needs, same
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.measures import expect_speed

from .driving import loader_of, plain
from .epoch import WHAT, batches_of

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
    batches = batches_of(rng, 8, "nested")

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
        handed, places = [], set()

        def use(tensor):
            """Each value is read by a kernel of the consumer, queued at once."""
            places.add(tensor.device.type)
            return tensor.clone()

        for batch in module.PinnedLoader(loader_of([], batches), "cuda"):
            handed.append(plain(batch, use))
            if len(handed) > len(batches):
                break
        torch.cuda.synchronize()
        arrays = [plain(batch, lambda tensor: tensor.cpu().numpy()) for batch in handed]
        return [pinned, arrays, sorted(places)]

    pinned, handed, places = read(seen, [list[bool], list, list[str]], WHAT)
    expect(same(handed, batches), "On a real GPU the batches did not arrive as they were.")
    expect(places == ["cuda"], "On a real GPU tensors were handed over that are not on it.")
    expect(len(pinned) > 0, "No copy to the GPU was seen: use .to, .cuda or .copy_.")
    expect(all(pinned), "Tensors were copied from pageable memory.")


@check(points=2, kind="gpu", needs=("gpu",), hint="All three: pinned, non_blocking, side stream.")
def test_copies_overlap_with_work(student, baseline, rng):
    """An epoch takes at most 0.85x that of blocking copies from pageable memory."""
    side, blocking = student.within(**ROOM), baseline(BLOCKING).within(**ROOM)
    needs("gpu", blocking.run(has_cuda) is True)
    count, megabytes = 12, 32
    rounds = blocking.fresh().run(work_for_a_copy, megabytes=megabytes)

    def inputs(_, longer=1):
        work = {"count": count, "megabytes": megabytes, "rounds": rounds}
        return {"seed": rng.randrange(10**6), "longer": longer, **work}

    message = (
        "An epoch took {ratio} the time of one with blocking copies from pageable memory; the "
        "limit is {limit}. Copies and work do not overlap."
    )
    expect_speed(side, blocking, timed_epoch, inputs, message, at_most=0.85, same=same, waits=True)
