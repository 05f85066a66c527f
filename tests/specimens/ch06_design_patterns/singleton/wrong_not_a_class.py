# wrong: a callable object in place of the class  [test_still_a_class]
import threading


class singleton:
    def __init__(self, cls):
        self.cls, self.it, self.lock = cls, None, threading.Lock()
        self.__name__, self.__doc__ = cls.__name__, cls.__doc__

    def __call__(self, *args, **kwargs):
        with self.lock:
            if self.it is None:
                self.it = self.cls(*args, **kwargs)
            return self.it

    def __instancecheck__(self, thing):
        return isinstance(thing, self.cls)

    def __getattr__(self, name):
        return getattr(self.cls, name)
