# wrong: copying a subclass's object gives that of the decorated class  [test_copies_return_it]
import threading


def singleton(cls):
    lock, made = threading.RLock(), {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if self not in made:
                    made[self] = super().__call__(*args, **kwargs)
            return made[self]

    class Single(cls, metaclass=Meta):
        def __copy__(self):
            return Single()

        def __deepcopy__(self, memo):
            return Single()

        def __reduce__(self):
            return type(self), ()

    for key in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(Single, key, getattr(cls, key))
    return Single
