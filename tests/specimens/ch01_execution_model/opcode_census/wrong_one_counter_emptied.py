# wrong: one Counter, emptied at each call and handed out again  [test_each_census_is_its_own]
import collections
import dis
import types

CENSUS = collections.Counter()


def add_code(code):
    for instruction in dis.get_instructions(code):
        CENSUS[instruction.opname] += 1
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            add_code(constant)


def opcode_census(function):
    CENSUS.clear()
    add_code(function.__code__)
    return CENSUS
