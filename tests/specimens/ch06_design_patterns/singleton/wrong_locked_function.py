# wrong: the same function with a lock: nobody can inherit from it  [test_subclass_is_a_singleton_of_its_own]
from threading import RLock


def singleton(cls):
    lock = RLock()
    kept = []
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self

    def get(*args, **kwargs):
        with lock:
            if not kept:
                kept.append(cls(*args, **kwargs))
        return kept[0]

    get.__name__, get.__doc__ = cls.__name__, cls.__doc__
    return get
