# wrong: unpickling makes a new object  [test_pickle_returns_it]
import threading


def singleton(cls):
    made = {}
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if self not in made:
                with lock:
                    if self not in made:
                        made[self] = super().__call__(*args, **kwargs)
            return made[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__copy__"] = body["__deepcopy__"] = lambda self, memo=None: self
    return Meta(cls.__name__, (cls,), body)
