"""A stand-in for a GPU, for places where there is none. It runs in the sandbox."""

from __future__ import annotations

from autograder.judging.observations import ITS_OWN, in_sandbox

__all__ = ["fake_cuda"]


@in_sandbox(assigns=ITS_OWN)
def fake_cuda(module, lazy=True):
    """Install a stand-in for CUDA in torch; returns what an observation needs of it.

    ``log`` holds, in order: ``["pin", name]``, ``["copy", memory, pinned, non_blocking, stream,
    allocated_on]``, ``["record", memory, stream]`` and what the observation adds. ``memory``
    numbers the device allocations, ``stream`` the streams (0: the default one). With
    ``lazy=False`` copies are done at once. The student's module is imported again, so that
    names it took from torch are those of the stand-in. What stands in for something bears its
    name, module and place in the source: anyone who asks a function where it comes from should
    behave as with a GPU.

    Example::

        gpu = fake_cuda(module)
        batches = list(module.PinnedLoader(loader, "cuda", depth=2))
        gpu.synchronize()
        return gpu.log
    """
    import contextlib
    import importlib
    import itertools
    import threading
    import types

    import torch

    log, names, streams = [], {}, []
    lock = threading.RLock()
    numbers = itertools.count()
    here = threading.local()
    where = torch.device("cuda", 0)
    memories = {}  # storage -> what is known of it; holding the storage keeps its address unique
    Tensor = torch.Tensor

    class Stream:
        def __init__(self, device=None, priority=0, **more):
            self.number = self.stream_id = self.cuda_stream = next(numbers)
            self.device, self.device_index, self.priority = where, 0, priority
            self.queue, self.done, self.outer = [], 0, []
            streams.append(self)

        @staticmethod
        def priority_range():
            return 0, -5

        def put(self, operation):
            with lock:
                self.queue.append(operation)
                if not lazy:
                    self.advance(len(self.queue))

        def advance(self, end):
            with lock:
                while self.done < end:
                    self.done += 1
                    self.queue[self.done - 1]()

        def wait_event(self, event):
            event.wait(self)

        def wait_stream(self, stream):
            self.wait_event(stream.record_event())

        def record_event(self, event=None):
            event = Event() if event is None else event
            event.record(self)
            return event

        def synchronize(self):
            self.advance(len(self.queue))

        def query(self):  # time passes while the host asks
            self.synchronize()
            return True

        def __enter__(self):
            self.outer.append(current())
            here.stream = self
            return self

        def __exit__(self, *error):
            here.stream = self.outer.pop()

    class Event:
        def __init__(self, *arguments, **options):
            self.device, self.stream, self.end = where, None, 0

        def record(self, stream=None):
            self.stream = current() if stream is None else stream
            self.end = len(self.stream.queue)

        def wait(self, stream=None):
            source, end = self.stream, self.end
            if source is not None:  # one that was never recorded holds up nobody, as in CUDA
                (current() if stream is None else stream).put(lambda: source.advance(end))

        def synchronize(self):
            if self.stream is not None:
                self.stream.advance(self.end)

        def query(self):
            self.synchronize()
            return True

        def elapsed_time(self, end):
            return 0.0

    class StreamContext:
        def __init__(self, stream):
            self.stream = stream

        def __enter__(self):
            return self.stream.__enter__() if self.stream is not None else None

        def __exit__(self, *error):
            if self.stream is not None:
                self.stream.__exit__()

    default = Stream()

    def current(device=None):
        return getattr(here, "stream", default)

    def set_stream(stream):
        if stream is not None:
            here.stream = stream

    def memory(tensor):
        try:
            return memories.get(tensor.untyped_storage()._cdata)
        except (RuntimeError, NotImplementedError):  # no storage: a sparse tensor
            return None

    def kind(tensor):
        known = memory(tensor)
        return known.kind if known else "host"

    def tag(tensor, kind):
        storage = tensor.untyped_storage()
        with lock:
            memories[storage._cdata] = types.SimpleNamespace(
                kind=kind, number=len(memories), storage=storage, stream=current().number
            )
        return tensor

    def on_device(device):
        if isinstance(device, int) and not isinstance(device, bool):
            return True
        return device is not None and torch.device(device).type == "cuda"

    def content(tensor):
        try:
            return str(tensor.dtype), tensor.detach().contiguous().numpy().tobytes()
        except (RuntimeError, TypeError):  # a kind that NumPy lacks: none of ours
            return None

    def log_pin(tensor):
        log.append(["pin", names.get(content(tensor))])

    # -- tensors ---------------------------------------------------------------------------

    raw = {}

    def dressed(value, original, name):
        """A function or class with the names of the original."""
        known = {
            "__name__": name,
            "__qualname__": getattr(original, "__qualname__", name),
            "__module__": getattr(original, "__module__", None),
            "__doc__": getattr(original, "__doc__", None),
        }
        if isinstance(value, types.FunctionType):
            code = value.__code__
            its = getattr(original, "__code__", code)
            code = code.replace(
                co_name=name,
                co_qualname=known["__qualname__"],
                co_filename=its.co_filename,
                co_firstlineno=its.co_firstlineno,
            )
            more = value.__globals__, name, value.__defaults__, value.__closure__
            keywords, value = value.__kwdefaults__, types.FunctionType(code, *more)
            value.__kwdefaults__ = keywords
        elif not isinstance(value, type) or value.__module__.startswith("torch"):
            return value  # a class that stands in several places has its first names
        for key, text in known.items():
            setattr(value, key, text)
        return value

    def replace(owner, name, value):
        raw.setdefault(name, getattr(owner, name, None))
        setattr(owner, name, dressed(value, getattr(owner, name, None), name))

    def send(source, target, non_blocking):
        """Queue a copy from the host on the current stream."""
        stream, pinned = current(), kind(source) == "pinned"
        known = memory(target)
        with lock:
            log.append(["copy", known.number, pinned, non_blocking, stream.number, known.stream])
            stream.put(lambda: raw["copy_"](target, source))
        if not (pinned and non_blocking):
            stream.synchronize()

    def empty_on_device(tensor, dtype=None):
        return tag(raw["empty_like"](tensor, dtype=dtype).fill_(77), "device")

    def pin_memory(self, device=None):
        if kind(self) == "pinned":
            return self
        if kind(self) == "device":
            raise RuntimeError("cannot pin a CUDA tensor; only dense CPU tensors can be pinned")
        log_pin(self)
        return tag(raw["clone"](self), "pinned")

    def to(self, *arguments, **options):
        given = dict(options)
        if arguments and isinstance(arguments[0], Tensor):
            arguments = (arguments[0].device, arguments[0].dtype, *arguments[1:])
        if arguments and isinstance(arguments[0], torch.dtype):
            arguments = (None, *arguments)
        given.update(zip(("device", "dtype", "non_blocking", "copy"), arguments, strict=False))
        other = given.pop("other", None)
        device = other.device if other is not None else given.get("device")
        if kind(self) == "device":
            if device is not None and not on_device(device):
                current().synchronize()
                return raw["to"](raw["clone"](self), given.get("dtype") or self.dtype)
            if given.get("copy"):
                return clone(self)
            return self
        if device is None or not on_device(device):
            return raw["to"](self, *arguments, **options)
        target = empty_on_device(self, given.get("dtype"))
        send(self, target, bool(given.get("non_blocking", False)))
        return target

    def cuda(self, device=None, non_blocking=False, memory_format=None):
        return to(self, where, non_blocking=non_blocking)

    def copy_(self, source, non_blocking=False):
        ends = (kind(source) == "device", kind(self) == "device")
        if ends == (False, True):
            send(source, self, bool(non_blocking))
        elif ends == (True, True):
            current().put(lambda: raw["copy_"](self, source))
        else:
            if ends == (True, False):
                current().synchronize()
            elif kind(self) == "pinned" and kind(source) == "host":
                log_pin(source)
            raw["copy_"](self, source)
        return self

    def copy_each(targets, sources, non_blocking=False):
        for target, source in zip(targets, sources, strict=True):
            copy_(target, source, non_blocking)

    def clone(self, *arguments, **options):
        if kind(self) != "device":
            return raw["clone"](self, *arguments, **options)
        target = empty_on_device(self)
        current().put(lambda: raw["copy_"](target, self))
        return target

    def record_stream(self, stream):
        if kind(self) != "device":
            raise NotImplementedError(
                "Could not run 'aten::record_stream' with arguments from the 'CPU' backend."
            )
        log.append(["record", memory(self).number, stream.number])

    def made(function):
        """A factory that also makes pinned tensors and tensors on the device."""

        def make(*arguments, **options):
            device, pinned = options.get("device"), options.pop("pin_memory", False)
            like = bool(arguments) and isinstance(arguments[0], Tensor)
            if device is None and like and kind(arguments[0]) == "device":
                device = where
            if device is not None and on_device(device):
                options.pop("device", None)
                return tag(function(*arguments, **options), "device")
            result = function(*arguments, **options)
            return tag(result, "pinned") if pinned else result

        return make

    def converted(function):
        """``as_tensor`` and its kin: on the device they make a blocking copy."""

        def convert(data, *arguments, **options):
            device = options.get("device")
            if device is None or not on_device(device):
                if isinstance(data, Tensor) and kind(data) == "device":
                    return data
                return function(data, *arguments, **options)
            options.pop("device")
            return to(function(data, *arguments, **options), where)

        return convert

    for name in (
        "empty",
        "zeros",
        "ones",
        "full",
        "empty_like",
        "zeros_like",
        "ones_like",
        "full_like",
        "empty_strided",
    ):
        replace(torch, name, made(getattr(torch, name)))
    for name in ("new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided"):
        replace(Tensor, name, made(getattr(Tensor, name)))
    for name in ("as_tensor", "asarray", "tensor"):
        replace(torch, name, converted(getattr(torch, name)))
    host = Tensor.device
    for name, value in {
        "pin_memory": pin_memory,
        "to": to,
        "cuda": cuda,
        "cpu": lambda self, *more, **options: to(self, "cpu"),
        "copy_": copy_,
        "clone": clone,
        "record_stream": record_stream,
        "is_pinned": lambda self, device=None: kind(self) == "pinned",
        "get_device": lambda self: 0 if kind(self) == "device" else -1,
    }.items():
        replace(Tensor, name, value)
    Tensor.device = property(lambda t: where if kind(t) == "device" else host.__get__(t))
    Tensor.is_cuda = property(lambda t: kind(t) == "device")
    Tensor.is_cpu = property(lambda t: kind(t) != "device")

    # -- torch.cuda, torch.accelerator -----------------------------------------------------

    def wait_for_all(device=None):
        for stream in list(streams):
            stream.synchronize()

    @contextlib.contextmanager
    def same_device(*arguments):
        yield

    common = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "current_stream": current,
        "set_stream": set_stream,
        "synchronize": wait_for_all,
    }
    cuda_names = {
        "current_device": lambda: 0,
        "default_stream": lambda device=None: default,
        "set_device": lambda device: None,
        "init": lambda: None,
        "empty_cache": lambda: None,
        "get_device_name": lambda device=None: "NVIDIA A100-SXM4-40GB",
        "get_device_capability": lambda device=None: (9, 0),
        "device": same_device,
        "device_of": same_device,
        "Stream": Stream,
        "Event": Event,
        "StreamContext": StreamContext,
        "stream": StreamContext,
    }
    accelerator_names = {
        "current_accelerator": lambda check_available=False: torch.device("cuda"),
        "current_device_index": lambda: 0,
        "current_device_idx": lambda: 0,
        "set_device_index": lambda device: None,
        "set_device_idx": lambda device: None,
        "device_index": same_device,
    }
    get_module = torch.get_device_module
    for owner, changes in (
        (torch.cuda, common | cuda_names),
        (torch.cuda.streams, {"Stream": Stream, "Event": Event}),
        (torch.accelerator, common | accelerator_names),
        (torch.backends.cuda, {"is_built": lambda: True}),
        (torch, {"Stream": Stream, "Event": Event, "_foreach_copy_": copy_each}),
        (torch, {"get_device_module": lambda device=None: get_module(device or "cuda")}),
    ):
        for name, value in changes.items():
            setattr(owner, name, dressed(value, getattr(owner, name, None), name))

    # -- for the observation ---------------------------------------------------------------

    def know(tensor, name):
        names[content(tensor)] = name

    def use(tensor):
        """A kernel of the consumer that reads the tensor; its result is ready after a sync."""
        result = raw["empty_like"](tensor)
        current().put(lambda: raw["copy_"](result, tensor))
        return result

    importlib.reload(module)
    return types.SimpleNamespace(
        log=log,
        know=know,
        use=use,
        kind=kind,
        current=current,
        make_stream=Stream,
        memory=lambda tensor: memory(tensor).number,
        synchronize=wait_for_all,
    )
