"""Memory of the stand-in for CUDA: pinned, or on the device. Everything here runs in the sandbox.

Every tensor is on the host in fact. Memory that stands for pinned memory or for the device's is
known by its storage; what is on the device is filled with 77 until a copy to it is done.
"""

from __future__ import annotations

from autograder.judging.observations import in_sandbox
from autograder.judging.vocabulary.cuda_streams import current_stream, queue_operation

__all__ = [
    "allocated",
    "content_of",
    "device_tensor",
    "is_device",
    "log_pinning",
    "memory_kind",
    "memory_of",
    "queue_copy",
]


@in_sandbox()
def memory_of(gpu, tensor):
    """What is known of a tensor's memory; None if it is ordinary memory of the host."""
    try:
        return gpu.memories.get(tensor.untyped_storage()._cdata)
    except (RuntimeError, NotImplementedError):  # no storage: a sparse tensor
        return None


@in_sandbox()
def memory_kind(gpu, tensor):
    """Where a tensor lies: "host", "pinned" or "device"."""
    known = memory_of(gpu, tensor)
    return known.kind if known else "host"


@in_sandbox()
def allocated(gpu, tensor, kind):
    """The tensor itself, whose memory counts as pinned or as the device's from now on."""
    import types

    storage = tensor.untyped_storage()
    with gpu.lock:
        # Holding the storage keeps its address unique.
        gpu.memories[storage._cdata] = types.SimpleNamespace(
            kind=kind, number=len(gpu.memories), storage=storage, stream=current_stream(gpu).number
        )
    return tensor


@in_sandbox()
def device_tensor(gpu, like, dtype=None):
    """An uninitialised tensor on the device."""
    return allocated(gpu, gpu.raw.empty_like(like, dtype=dtype).fill_(77), "device")


@in_sandbox()
def is_device(device):
    """Whether this names the GPU, as torch understands devices."""
    import torch

    if isinstance(device, int) and not isinstance(device, bool):
        return True
    return device is not None and torch.device(device).type == "cuda"


@in_sandbox()
def content_of(tensor):
    """What a tensor is known by in the log: its dtype and bytes."""
    try:
        return str(tensor.dtype), tensor.detach().contiguous().numpy().tobytes()
    except (RuntimeError, TypeError):  # a kind that NumPy lacks: none of ours
        return None


@in_sandbox()
def log_pinning(gpu, tensor):
    """Log that a tensor is pinned, by its name."""
    gpu.log.append(["pin", gpu.names.get(content_of(tensor))])


@in_sandbox()
def queue_copy(gpu, source, target, non_blocking):
    """Queue a copy from the host on the current stream."""
    stream, pinned = current_stream(gpu), memory_kind(gpu, source) == "pinned"
    known = memory_of(gpu, target)
    copy = ["copy", known.number, pinned, non_blocking, stream.number, known.stream]
    with gpu.lock:
        gpu.log.append(copy)
        queue_operation(gpu, stream, lambda: gpu.raw.copy_(target, source))
    if not (pinned and non_blocking):
        stream.synchronize()
