# wrong: takes the caches for instructions  [test_one_function]
import collections
import dis
import types


def opcode_census(function):
    def names(code):
        yield from (dis.opname[op] for op in code.co_code[::2])
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                yield from names(constant)

    return collections.Counter(names(function.__code__))
