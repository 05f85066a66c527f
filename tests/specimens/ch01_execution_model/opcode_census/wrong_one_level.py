# wrong: looks one level deep only  [test_everything_nested]
import dis
import types
from collections import Counter


def opcode_census(function):
    counter = Counter(i.opname for i in dis.get_instructions(function))
    for constant in function.__code__.co_consts:
        if isinstance(constant, types.CodeType):
            counter.update(i.opname for i in dis.get_instructions(constant))
    return counter
