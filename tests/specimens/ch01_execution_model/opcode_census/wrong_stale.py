# wrong: keeps the census of each function, and the function gets other code  [test_each_census_is_its_own]
import collections
import dis
import inspect
import weakref
from collections.abc import Callable
from typing import Any


_known: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def opcode_census(function: Callable[..., Any]) -> collections.Counter[str]:
    if function in _known:
        return _known[function].copy()
    census: collections.Counter[str] = collections.Counter()
    todo = [function.__code__]
    while todo:
        code = todo.pop()
        census.update(instruction.opname for instruction in dis.get_instructions(code))
        todo.extend(c for c in code.co_consts if inspect.iscode(c))
    _known[function] = census.copy()
    return census
