# right: a bounded semaphore as the lock, the state in a closure, a descriptor of its own that refuses to be set
import threading


class ReadOnly:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return instance._read()

    def __set__(self, instance, value):
        raise AttributeError(f"{self.name} is read-only, got {value!r}")


class SafeCounter:
    value = ReadOnly()

    def __init__(self, start=0):
        gate = threading.BoundedSemaphore(1)
        total = start

        def add(n=1):
            nonlocal total
            gate.acquire()
            try:
                new = total + n
                total = new
            finally:
                gate.release()

        def read():
            with gate:
                return total

        self.add = add
        self._read = read
