# wrong: threads wait for an event that a failed __init__ never sets  [test_failure_while_others_wait]
import threading


class Meta(type):
    def __init__(cls, *args):
        super().__init__(*args)
        cls._guard, cls._event, cls._it = threading.Lock(), None, None

    def __call__(cls, *args, **kwargs):
        with cls._guard:
            event, first = cls._event, cls._event is None
            if first:
                event = cls._event = threading.Event()
        if first:
            try:
                cls._it = super().__call__(*args, **kwargs)
            except BaseException:
                cls._event = None
                raise
            event.set()
        event.wait()
        return cls._it


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
