"""What runs in the sandbox: a loader that keeps account, and epochs on the stand-in for CUDA."""

from autograder.judging.vocabulary.cuda import fake_cuda


def plain(value, read, kind=None):
    """A batch with ``read(part)`` in place of each tensor, or of each part of another ``kind``."""
    import torch

    if isinstance(value, kind or torch.Tensor):
        return read(value)
    if type(value) is dict:
        return {key: plain(part, read, kind) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(plain(part, read, kind) for part in value)
    return value


def loader_of(log, batches, error=None, know=None, sized=True):
    """A loader that makes fresh tensors of the arrays in ``batches`` and logs each take.

    After the last of them it raises ``error``, if there is one.
    """
    import itertools

    import numpy as np
    import torch

    class Loader:
        def __iter__(self):
            numbers = itertools.count()

            def fresh(array):
                tensor = torch.from_numpy(array.copy())
                if know is not None:
                    know(tensor, next(numbers))
                return tensor

            for i, batch in enumerate(batches):
                log.append(["take", i])
                yield plain(batch, fresh, np.ndarray)
            if error is not None:
                log.append(["raise"])
                raise error

    if sized:
        Loader.__len__ = lambda self: len(batches)
    return Loader()


def consumed(gpu, loader, most):
    """What a kernel of the consumer reads of each batch, of ``most`` at most."""
    from itertools import islice

    used = [plain(batch, gpu.use) for batch in islice(loader, most)]
    gpu.synchronize()
    return [plain(batch, lambda tensor: tensor.numpy().copy()) for batch in used]


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
    gpu=None,
):
    """One epoch on the stand-in for CUDA; with ``own_stream`` the consumer has left stream 0.

    With ``moves`` it goes on to another stream after three batches. ``gpu`` is the stand-in, if
    there is one already.

    Returns the log; each batch as a kernel of the consumer saw it and as it was in the end, each
    tensor as ``{"at": where, "is": array}``; how the epoch ended; and the number of the consumer's
    stream.
    """
    import builtins
    import threading
    import time

    import torch

    if gpu is None:
        gpu = fake_cuda(module, lazy)
    gpu.log.clear()
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


def drive_all(module, epochs, lazy):
    """What ``drive`` gives of each of several epochs, one after the other on one stand-in."""
    gpu = fake_cuda(module, lazy)
    return [drive(module, **epoch, gpu=gpu) for epoch in epochs]
