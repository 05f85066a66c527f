# wrong: forgets the object when nobody holds it for a moment  [test_classes_do_not_share]
import threading
import weakref


class Meta(type):
    objects, lock = weakref.WeakValueDictionary(), threading.RLock()

    def __call__(cls, *args, **kwargs):
        with Meta.lock:
            found = Meta.objects.get(cls)
            if found is None:
                found = Meta.objects[cls] = super().__call__(*args, **kwargs)
            return found


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
