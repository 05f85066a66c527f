"""Streams and events of the stand-in for CUDA. Everything here runs in the sandbox.

``gpu`` is the state that all parts of the stand-in share; :func:`~.cuda.fake_cuda` makes it.
A stream is a queue of operations, of which so many are done: an operation runs when code
waits for it, and no earlier, so that a wait that is missing shows as a wrong value.
"""

from __future__ import annotations

from autograder.judging.observations import in_sandbox

__all__ = [
    "current_stream",
    "event_class",
    "queue_operation",
    "run_stream",
    "stream_class",
    "stream_context_class",
]


@in_sandbox()
def run_stream(gpu, stream, end):
    """Do the operations of a stream, in order, until ``end`` of them are done."""
    with gpu.lock:
        while stream.done < end:
            stream.done += 1
            stream.queue[stream.done - 1]()


@in_sandbox()
def queue_operation(gpu, stream, operation):
    """Put an operation at the end of a stream; where copies are not lazy, do it at once."""
    with gpu.lock:
        stream.queue.append(operation)
        if not gpu.lazy:
            run_stream(gpu, stream, len(stream.queue))


@in_sandbox()
def current_stream(gpu):
    """The stream that is current in this thread."""
    return getattr(gpu.here, "stream", gpu.default)


@in_sandbox()
def stream_class(gpu):
    """What stands in for ``torch.cuda.Stream``."""

    class Stream:
        def __init__(self, device=None, priority=0, **more):
            self.number = self.stream_id = self.cuda_stream = next(gpu.numbers)
            self.device, self.device_index, self.priority = gpu.device, 0, priority
            self.queue, self.done, self.outer = [], 0, []
            gpu.streams.append(self)

        @staticmethod
        def priority_range():
            return 0, -5

        def wait_event(self, event):
            event.wait(self)

        def wait_stream(self, stream):
            self.wait_event(stream.record_event())

        def record_event(self, event=None):
            event = gpu.Event() if event is None else event
            event.record(self)
            return event

        def synchronize(self):
            run_stream(gpu, self, len(self.queue))

        def query(self):  # time passes while the host asks
            self.synchronize()
            return True

        def __enter__(self):
            self.outer.append(current_stream(gpu))
            gpu.here.stream = self
            return self

        def __exit__(self, *error):
            gpu.here.stream = self.outer.pop()

    return Stream


@in_sandbox()
def event_class(gpu):
    """What stands in for ``torch.cuda.Event``: a place in the queue of a stream."""

    class Event:
        def __init__(self, *arguments, **options):
            self.device, self.stream, self.end = gpu.device, None, 0

        def record(self, stream=None):
            self.stream = current_stream(gpu) if stream is None else stream
            self.end = len(self.stream.queue)

        def wait(self, stream=None):
            source, end = self.stream, self.end
            if source is not None:  # one that was never recorded holds up nobody, as in CUDA
                waiting = current_stream(gpu) if stream is None else stream
                queue_operation(gpu, waiting, lambda: run_stream(gpu, source, end))

        def synchronize(self):
            if self.stream is not None:
                run_stream(gpu, self.stream, self.end)

        def query(self):
            self.synchronize()
            return True

        def elapsed_time(self, end):
            return 0.0

    return Event


@in_sandbox()
def stream_context_class():
    """What stands in for ``torch.cuda.StreamContext``."""

    class StreamContext:
        def __init__(self, stream):
            self.stream = stream

        def __enter__(self):
            return self.stream.__enter__() if self.stream is not None else None

        def __exit__(self, *error):
            if self.stream is not None:
                self.stream.__exit__()

    return StreamContext
