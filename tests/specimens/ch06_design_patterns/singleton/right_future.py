# right: the first caller leaves a Future for the others, who share its failure; copyreg for copies
import copyreg
import threading
import types
from concurrent.futures import Future


class _Single(type):
    guard = threading.Lock()

    def __init__(cls, *rest):
        super().__init__(*rest)
        cls.__slot = None
        # copy, deepcopy and pickle all look here
        copyreg.pickle(cls, lambda thing: (type(thing), ()))

    def __call__(cls, *args, **kwargs):
        with _Single.guard:
            slot, first = cls.__slot, cls.__slot is None
            if first:
                slot = cls.__slot = Future()
        if not first:
            return slot.result()
        try:
            made = super().__call__(*args, **kwargs)
        except BaseException as error:
            with _Single.guard:
                cls.__slot = None
            slot.set_exception(error)
            raise
        slot.set_result(made)
        return made


def singleton(cls):
    def fill(body):
        body.update(__module__=cls.__module__, __qualname__=cls.__qualname__, __doc__=cls.__doc__)

    return types.new_class(cls.__name__, (cls,), {"metaclass": _Single}, fill)
