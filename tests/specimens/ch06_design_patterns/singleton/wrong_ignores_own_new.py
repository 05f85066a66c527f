# wrong: makes the object with object.__new__, whatever __new__ the class has  [test_any_kind_of_class]
import threading


class Meta(type):
    _made, _lock = {}, threading.RLock()

    def __call__(cls, *args, **kwargs):
        with Meta._lock:
            if cls not in Meta._made:
                thing = object.__new__(cls)
                thing.__init__(*args, **kwargs)
                Meta._made[cls] = thing
            return Meta._made[cls]


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__copy__"] = body["__deepcopy__"] = lambda self, memo=None: self
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
