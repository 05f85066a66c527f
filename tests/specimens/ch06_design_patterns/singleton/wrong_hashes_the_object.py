# wrong: keeps finished objects in a set, which a dataclass does not go into  [test_any_kind_of_class]
import threading


def singleton(cls):
    lock, made, finished = threading.RLock(), {}, set()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if made.get(self) not in finished:
                    thing = super().__call__(*args, **kwargs)
                    finished.add(thing)
                    made[self] = thing
                return made[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
