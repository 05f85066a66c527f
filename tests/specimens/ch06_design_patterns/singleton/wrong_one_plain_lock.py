# wrong: one Lock for all classes, which a nested first call waits for in vain  [test_init_may_call_other_singletons]
from threading import Lock

LOCK = Lock()


def singleton(cls):
    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if "_it" not in vars(self):
                with LOCK:
                    if "_it" not in vars(self):
                        self._it = super().__call__(*args, **kwargs)
            return vars(self)["_it"]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
