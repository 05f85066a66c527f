"""A stand-in for a GPU, for machines without one. It runs in the sandbox.

Its parts are words of their own: streams and events, memory, tensors. Each gets the state that they
share as ``gpu``.
"""

from __future__ import annotations

from autograder.judging.observations import ITS_OWN, in_sandbox
from autograder.judging.vocabulary.cuda_memory import content_of, memory_kind, memory_of
from autograder.judging.vocabulary.cuda_streams import (
    current_stream,
    event_class,
    queue_operation,
    stream_class,
    stream_context_class,
)
from autograder.judging.vocabulary.cuda_tensors import install_tensors, named_like

__all__ = ["fake_cuda", "gpu_state", "install_devices", "install_streams"]


@in_sandbox(assigns=ITS_OWN)
def fake_cuda(module, lazy=True):
    """Install a stand-in for CUDA in torch; returns what an observation needs of it.

    ``log`` holds, in order: ``["pin", name]``, ``["copy", memory, pinned, non_blocking, stream,
    allocated_on]``, ``["record", memory, stream]`` and what the observation adds. ``memory``
    numbers the device allocations, ``stream`` the streams (0: the default one). With
    ``lazy=False`` copies are done at once. The student's module is imported again, so that
    names it took from torch are those of the stand-in. What stands in for something bears its
    name, module and place in the source: code that asks a function where it comes from should
    behave as with a GPU.

    Example::

        gpu = fake_cuda(module)
        batches = list(module.PinnedLoader(loader, "cuda", depth=2))
        gpu.synchronize()
        return gpu.log
    """
    import importlib
    import types

    gpu = gpu_state(lazy)

    def know(tensor, name):
        gpu.names[content_of(tensor)] = name

    def use(tensor):
        """A kernel of the consumer that reads the tensor; its result is ready after a sync."""
        result = gpu.raw.empty_like(tensor)
        queue_operation(gpu, current_stream(gpu), lambda: gpu.raw.copy_(result, tensor))
        return result

    install_tensors(gpu)
    install_devices(gpu)
    install_streams(gpu)
    importlib.reload(module)
    return types.SimpleNamespace(
        log=gpu.log,
        know=know,
        use=use,
        kind=lambda tensor: memory_kind(gpu, tensor),
        current=lambda: current_stream(gpu),
        make_stream=gpu.Stream,
        memory=lambda tensor: memory_of(gpu, tensor).number,
        synchronize=gpu.synchronize,
    )


@in_sandbox()
def gpu_state(lazy):
    """What the parts of the stand-in share: the log, streams, memories, and torch's functions."""
    import itertools
    import threading
    import types

    import torch

    gpu = types.SimpleNamespace(
        log=[],
        lazy=lazy,
        names={},  # of tensors, by their content
        memories={},  # by the storage
        streams=[],
        numbers=itertools.count(),  # of streams
        lock=threading.RLock(),
        here=threading.local(),
        device=torch.device("cuda", 0),
        raw=types.SimpleNamespace(
            to=torch.Tensor.to,
            copy_=torch.Tensor.copy_,
            clone=torch.Tensor.clone,
            empty_like=torch.empty_like,
        ),
    )
    gpu.Stream, gpu.Event = stream_class(gpu), event_class(gpu)
    gpu.default = gpu.Stream()

    def synchronize(device=None):
        for stream in list(gpu.streams):
            stream.synchronize()

    gpu.synchronize = synchronize
    return gpu


@in_sandbox(assigns=ITS_OWN)
def install_devices(gpu):
    """Exchange what ``torch.cuda`` and ``torch.accelerator`` say of devices and streams."""
    import contextlib

    import torch

    def set_stream(stream):
        if stream is not None:
            gpu.here.stream = stream

    @contextlib.contextmanager
    def same_device(*arguments):
        yield

    common = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "current_stream": lambda device=None: current_stream(gpu),
        "set_stream": set_stream,
        "synchronize": gpu.synchronize,
    }
    cuda = {
        "current_device": lambda: 0,
        "default_stream": lambda device=None: gpu.default,
        "set_device": lambda device: None,
        "init": lambda: None,
        "empty_cache": lambda: None,
        "get_device_name": lambda device=None: "NVIDIA A100-SXM4-40GB",
        "get_device_capability": lambda device=None: (9, 0),
        "device": same_device,
        "device_of": same_device,
    }
    accelerator = {
        "current_accelerator": lambda check_available=False: torch.device("cuda"),
        "current_device_index": lambda: 0,
        "current_device_idx": lambda: 0,
        "set_device_index": lambda device: None,
        "set_device_idx": lambda device: None,
        "device_index": same_device,
    }
    for owner, changes in ((torch.cuda, common | cuda), (torch.accelerator, common | accelerator)):
        for name, value in changes.items():
            setattr(owner, name, named_like(value, getattr(owner, name, None), name))


@in_sandbox(assigns=ITS_OWN)
def install_streams(gpu):
    """Exchange the classes of streams and events, wherever torch has them."""
    import torch

    context, get_module = stream_context_class(), torch.get_device_module
    classes = {"Stream": gpu.Stream, "Event": gpu.Event}
    for owner, changes in (
        (torch.cuda, classes | {"StreamContext": context, "stream": context}),
        (torch.cuda.streams, classes),
        (torch, classes),
        (torch, {"get_device_module": lambda device=None: get_module(device or "cuda")}),
        (torch.backends.cuda, {"is_built": lambda: True}),
    ):
        for name, value in changes.items():
            setattr(owner, name, named_like(value, getattr(owner, name, None), name))
