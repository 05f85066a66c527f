# wrong: the pickle of a subclass's object names the decorated class  [test_pickle_returns_it]
import threading


def singleton(cls):
    objects, lock = {}, threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if self not in objects:
                    objects[self] = super().__call__(*args, **kwargs)
                return objects[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__copy__"] = body["__deepcopy__"] = lambda self, memo=None: self
    body["__reduce__"] = lambda self: (single, ())
    single = Meta(cls.__name__, (cls,), body)
    return single
