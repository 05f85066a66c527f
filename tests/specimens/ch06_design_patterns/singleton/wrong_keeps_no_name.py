# wrong: a subclass that goes by the decorator's own name  [test_keeps_its_names]
from threading import RLock


def singleton(cls):
    lock, objects = RLock(), {}

    class Meta(type):
        def __call__(self, *args, **kwargs):
            with lock:
                if self not in objects:
                    objects[self] = super().__call__(*args, **kwargs)
            return objects[self]

    class Singleton(cls, metaclass=Meta):
        def __copy__(self):
            return self

        def __deepcopy__(self, memo):
            return self

    return Singleton
