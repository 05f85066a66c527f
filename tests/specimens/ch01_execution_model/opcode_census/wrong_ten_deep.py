# wrong: goes at most ten levels down  [test_everything_nested]
import collections
import dis
import inspect
from collections.abc import Callable
from typing import Any


def opcode_census(function: Callable[..., Any]) -> collections.Counter[str]:
    census: collections.Counter[str] = collections.Counter()
    todo = [(function.__code__, 0)]
    while todo:
        code, depth = todo.pop()
        census.update(instruction.opname for instruction in dis.get_instructions(code))
        if depth < 10:
            todo.extend((c, depth + 1) for c in code.co_consts if inspect.iscode(c))
    return census
