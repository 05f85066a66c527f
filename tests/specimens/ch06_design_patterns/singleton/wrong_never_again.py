# wrong: after a failed __init__ every call raises the same exception  [test_failed_init_is_retried]
import threading
from concurrent.futures import Future


class Meta(type):
    _guard, _results = threading.Lock(), {}

    def __call__(cls, *args, **kwargs):
        with Meta._guard:
            result, first = Meta._results.get(cls), cls not in Meta._results
            if first:
                result = Meta._results[cls] = Future()
        if first:
            try:
                result.set_result(super().__call__(*args, **kwargs))
            except BaseException as error:
                result.set_exception(error)
        return result.result()


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
