# wrong: the function's own instructions only  [test_a_nested_function]
import collections
import dis


def opcode_census(function):
    return collections.Counter(i.opname for i in dis.get_instructions(function))
