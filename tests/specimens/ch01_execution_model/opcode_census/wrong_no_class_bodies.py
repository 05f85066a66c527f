# wrong: counts methods, but not the class bodies around them  [test_everything_nested]
import collections
import dis
import inspect
import types


def opcode_census(function):
    census = collections.Counter()

    def count(code):
        if code.co_flags & inspect.CO_OPTIMIZED:
            census.update(i.opname for i in dis.get_instructions(code))
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                count(constant)

    count(function.__code__)
    return census
