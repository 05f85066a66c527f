# wrong: takes the lock but does not look again under it  [test_threads]
import threading
from functools import update_wrapper


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            found = vars(self).get("_it")
            if found is None:
                with lock:
                    found = self._it = super().__call__(*args, **kwargs)
            return found

    class Single(cls, metaclass=Meta):
        def __copy__(self):
            return self

        def __deepcopy__(self, memo):
            return self

        def __reduce__(self):
            return (type(self), ())

    return update_wrapper(Single, cls, updated=())
