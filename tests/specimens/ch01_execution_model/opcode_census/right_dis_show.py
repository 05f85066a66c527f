# right: dis.Bytecode over a stack of code objects, Counter.update with a generator
from __future__ import annotations

import collections
import dis
import inspect
import types


def opcode_census(function):
    function = inspect.unwrap(function, stop=lambda f: True)
    todo = [function.__code__]
    census = collections.Counter()
    for code in todo:
        todo.extend(c for c in code.co_consts if isinstance(c, types.CodeType))
        census.update(i.opname for i in dis.Bytecode(code))
    del census["CACHE"]
    return census
