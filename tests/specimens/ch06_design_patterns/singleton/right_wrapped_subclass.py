# right: a subclass named by functools.update_wrapper; metaclass with a Condition, reduce only
from __future__ import annotations

import functools
import threading
from typing import Any, TypeVar

C = TypeVar("C", bound=type)
MISSING = object()
BUSY = object()


def singleton(cls: C, *, attribute: str = "_the_one") -> C:
    changed = threading.Condition()

    class SingletonMeta(type(cls)):
        def __call__(klass, *args: Any, **kwargs: Any) -> Any:
            with changed:
                changed.wait_for(lambda: klass.__dict__.get(attribute) is not BUSY)
                found = klass.__dict__.get(attribute, MISSING)
                if found is not MISSING:
                    return found
                setattr(klass, attribute, BUSY)
            try:
                found = super().__call__(*args, **kwargs)
            except BaseException:
                found = MISSING
                raise
            finally:
                with changed:
                    if found is MISSING:
                        delattr(klass, attribute)
                    else:
                        setattr(klass, attribute, found)
                    changed.notify_all()
            return found

    class Single(cls, metaclass=SingletonMeta):
        def __reduce__(self):
            return self.__class__, ()

    functools.update_wrapper(Single, cls, updated=())
    return Single
