# right: a condition and a set of keys in the making; who waited looks again
import copy
import functools
import hashlib
import threading


def fingerprint(value):
    if not (hasattr(value, "dtype") and hasattr(value, "shape")):
        return type(value), value
    kind, dtype, shape = type(value).__module__, str(value.dtype), tuple(value.shape)
    if kind.startswith("torch"):
        import torch

        storage = torch.empty(shape, dtype=value.dtype)
        storage.copy_(value.detach())
        content = storage.reshape(-1).view(torch.uint8).numpy().tobytes()
    else:
        content = value.tobytes("C")
    return kind, dtype, shape, hashlib.md5(content).hexdigest()


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize: {maxsize}")

    def decorate(function):
        ready, in_the_making = {}, set()
        changed = threading.Condition()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            names = sorted(kwargs)
            key = (
                *(fingerprint(a) for a in args),
                *names,
                *(fingerprint(kwargs[name]) for name in names),
            )
            with changed:
                changed.wait_for(lambda: key not in in_the_making)
                if key in ready:
                    return copy.deepcopy(ready[key])
                in_the_making.add(key)
            try:
                result = function(*args, **kwargs)
                with changed:
                    if maxsize:
                        while len(ready) >= maxsize:
                            ready.pop(next(iter(ready)))
                        ready[key] = copy.deepcopy(result)
                return copy.deepcopy(result)
            finally:
                with changed:
                    in_the_making.discard(key)
                    changed.notify_all()

        return wrapper

    return decorate
