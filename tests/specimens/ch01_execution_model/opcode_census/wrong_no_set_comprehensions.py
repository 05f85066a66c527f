# wrong: has a list of the names in angle brackets that it goes into, without <setcomp>  [test_everything_nested]
import collections
import dis
import inspect
from collections.abc import Callable
from typing import Any


_INSIDE = {"<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>"}


def opcode_census(function: Callable[..., Any]) -> collections.Counter[str]:
    census: collections.Counter[str] = collections.Counter()
    todo = [function.__code__]
    while todo:
        code = todo.pop()
        census.update(instruction.opname for instruction in dis.get_instructions(code))
        for constant in code.co_consts:
            if inspect.iscode(constant) and (
                not constant.co_name.startswith("<") or constant.co_name in _INSIDE
            ):
                todo.append(constant)
    return census
