# wrong: a dict is not a Counter: census["NOP"] is a KeyError  [test_one_function]
import dis
from types import CodeType


def opcode_census(function):
    counts, todo = {}, [function.__code__]
    for code in todo:
        for instruction in dis.get_instructions(code):
            counts[instruction.opname] = counts.get(instruction.opname, 0) + 1
        todo.extend(c for c in code.co_consts if isinstance(c, CodeType))
    return counts
