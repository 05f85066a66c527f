# wrong: counts what the interpreter specialised  [test_warm_as_cold]
import dis
from collections import Counter
from types import CodeType


def opcode_census(function):
    census, todo = Counter(), [function.__code__]
    for code in todo:
        census.update(i.opname for i in dis.get_instructions(code, adaptive=True))
        todo.extend(c for c in code.co_consts if isinstance(c, CodeType))
    return census
