"""Tensors of the stand-in for CUDA, which know of its device. All of it runs in the sandbox."""

from __future__ import annotations

from autograder.judging.observations import ITS_OWN, in_sandbox
from autograder.judging.vocabulary.cuda_memory import (
    allocated,
    device_tensor,
    is_device,
    log_pinning,
    memory_kind,
    memory_of,
    queue_copy,
)
from autograder.judging.vocabulary.cuda_streams import current_stream, queue_operation

__all__ = ["copying_methods", "factories", "install_methods", "install_tensors", "named_like"]


@in_sandbox(assigns=ITS_OWN)
def named_like(value, original, name):
    """A function or class with the names of the original that it stands in for."""
    import types

    names = {
        "__name__": name,
        "__qualname__": getattr(original, "__qualname__", name),
        "__module__": getattr(original, "__module__", None),
        "__doc__": getattr(original, "__doc__", None),
    }
    if isinstance(value, types.FunctionType):
        its = getattr(original, "__code__", value.__code__)
        code = value.__code__.replace(
            co_name=name,
            co_qualname=names["__qualname__"],
            co_filename=its.co_filename,
            co_firstlineno=its.co_firstlineno,
        )
        parts = value.__globals__, name, value.__defaults__, value.__closure__
        keywords, value = value.__kwdefaults__, types.FunctionType(code, *parts)
        value.__kwdefaults__ = keywords
    elif not isinstance(value, type) or value.__module__.startswith("torch"):
        return value  # a class that stands in several places has its first names
    for key, text in names.items():
        setattr(value, key, text)
    return value


@in_sandbox()
def copying_methods(gpu):
    """``to`` and ``copy_``, what stands in for the methods of ``torch.Tensor``."""
    import torch

    def to(self, *arguments, **options):
        given = dict(options)
        if arguments and isinstance(arguments[0], torch.Tensor):
            arguments = (arguments[0].device, arguments[0].dtype, *arguments[1:])
        if arguments and isinstance(arguments[0], torch.dtype):
            arguments = (None, *arguments)
        given.update(zip(("device", "dtype", "non_blocking", "copy"), arguments, strict=False))
        other = given.pop("other", None)
        device = other.device if other is not None else given.get("device")
        if memory_kind(gpu, self) == "device":
            if device is not None and not is_device(device):
                current_stream(gpu).synchronize()
                return gpu.raw.to(gpu.raw.clone(self), given.get("dtype") or self.dtype)
            return self.clone() if given.get("copy") else self
        if device is None or not is_device(device):
            return gpu.raw.to(self, *arguments, **options)
        target = device_tensor(gpu, self, given.get("dtype"))
        queue_copy(gpu, self, target, bool(given.get("non_blocking", False)))
        return target

    def copy_(self, source, non_blocking=False):
        ends = (memory_kind(gpu, source), memory_kind(gpu, self))
        if ends[1] == "device" and ends[0] != "device":
            queue_copy(gpu, source, self, bool(non_blocking))
        elif ends == ("device", "device"):
            queue_operation(gpu, current_stream(gpu), lambda: gpu.raw.copy_(self, source))
        else:
            if ends[0] == "device":
                current_stream(gpu).synchronize()
            elif ends == ("host", "pinned"):
                log_pinning(gpu, source)
            gpu.raw.copy_(self, source)
        return self

    return to, copy_


@in_sandbox(assigns=ITS_OWN)
def install_methods(gpu):
    """Exchange the methods of ``torch.Tensor`` that copy, pin and record."""
    import torch

    to, copy_ = copying_methods(gpu)

    def pin_memory(self, device=None):
        kind = memory_kind(gpu, self)
        if kind == "pinned":
            return self
        if kind == "device":
            raise RuntimeError("cannot pin a CUDA tensor; only dense CPU tensors can be pinned")
        log_pinning(gpu, self)
        return allocated(gpu, gpu.raw.clone(self), "pinned")

    def cuda(self, device=None, non_blocking=False, memory_format=None):
        return to(self, gpu.device, non_blocking=non_blocking)

    def clone(self, *arguments, **options):
        if memory_kind(gpu, self) != "device":
            return gpu.raw.clone(self, *arguments, **options)
        target = device_tensor(gpu, self)
        queue_operation(gpu, current_stream(gpu), lambda: gpu.raw.copy_(target, self))
        return target

    def record_stream(self, stream):
        if memory_kind(gpu, self) != "device":
            raise NotImplementedError(
                "Could not run 'aten::record_stream' with arguments from the 'CPU' backend."
            )
        gpu.log.append(["record", memory_of(gpu, self).number, stream.number])

    for name, method in {
        "to": to,
        "copy_": copy_,
        "pin_memory": pin_memory,
        "cuda": cuda,
        "cpu": lambda self, *more, **options: to(self, "cpu"),
        "clone": clone,
        "record_stream": record_stream,
        "is_pinned": lambda self, device=None: memory_kind(gpu, self) == "pinned",
        "get_device": lambda self: 0 if memory_kind(gpu, self) == "device" else -1,
    }.items():
        original = getattr(torch.Tensor, name)
        setattr(torch.Tensor, name, named_like(method, original, name))


@in_sandbox()
def factories(gpu):
    """``making, converting``: for torch's functions, those that know of the device, too."""
    import torch

    def making(function):
        """``empty`` and its kin: they also make pinned tensors and tensors on the device."""

        def make(*arguments, **options):
            device, pinned = options.get("device"), options.pop("pin_memory", False)
            like = bool(arguments) and isinstance(arguments[0], torch.Tensor)
            if device is None and like and memory_kind(gpu, arguments[0]) == "device":
                device = gpu.device
            if device is not None and is_device(device):
                options.pop("device", None)
                return allocated(gpu, function(*arguments, **options), "device")
            result = function(*arguments, **options)
            return allocated(gpu, result, "pinned") if pinned else result

        return make

    def converting(function):
        """``as_tensor`` and its kin: on the device they make a blocking copy."""

        def convert(data, *arguments, **options):
            device = options.get("device")
            if device is None or not is_device(device):
                if isinstance(data, torch.Tensor) and memory_kind(gpu, data) == "device":
                    return data
                return function(data, *arguments, **options)
            options.pop("device")
            return function(data, *arguments, **options).to(gpu.device)

        return convert

    return making, converting


@in_sandbox(assigns=ITS_OWN)
def install_tensors(gpu):
    """Exchange the functions that make and copy tensors, and what tensors say of themselves."""
    import torch

    Tensor = torch.Tensor
    making, converting = factories(gpu)
    plain = ("empty", "zeros", "ones", "full", "empty_strided")
    like = ("empty_like", "zeros_like", "ones_like", "full_like")
    new = ("new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided")
    for owner, names, change in (
        (torch, (*plain, *like), making),
        (Tensor, new, making),
        (torch, ("as_tensor", "asarray", "tensor"), converting),
    ):
        for name in names:
            original = getattr(owner, name)
            setattr(owner, name, named_like(change(original), original, name))
    install_methods(gpu)

    def copy_each(targets, sources, non_blocking=False):
        for target, source in zip(targets, sources, strict=True):
            target.copy_(source, non_blocking)

    torch._foreach_copy_ = named_like(copy_each, torch._foreach_copy_, "_foreach_copy_")
    host = Tensor.device

    def on_device(tensor):
        return memory_kind(gpu, tensor) == "device"

    Tensor.device = property(lambda t: gpu.device if on_device(t) else host.__get__(t))
    Tensor.is_cuda = property(on_device)
    Tensor.is_cpu = property(lambda tensor: not on_device(tensor))
