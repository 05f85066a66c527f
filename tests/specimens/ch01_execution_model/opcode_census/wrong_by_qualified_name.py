# wrong: knows nested code by its qualified name, which a function declared global does not have  [test_everything_nested]
import collections
import dis
import types


def opcode_census(function):
    census = collections.Counter()
    todo = [function.__code__]
    for code in todo:
        census.update(i.opname for i in dis.get_instructions(code))
        inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
        todo += [c for c in inner if c.co_qualname.startswith(code.co_qualname)]
    return census
