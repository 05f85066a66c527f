# wrong: a plain Lock for a class and its subclasses  [test_init_may_call_other_singletons]
import threading


def singleton(cls):
    lock, made = threading.Lock(), {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if self not in made:
                with lock:
                    if self not in made:
                        made[self] = super().__call__(*args, **kwargs)
            return made[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
