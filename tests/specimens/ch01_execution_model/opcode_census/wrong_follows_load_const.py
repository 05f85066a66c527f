# wrong: goes down wherever code is loaded, so a lambda in a `finally` block counts twice  [test_each_code_object_once]
import collections
import dis
import types


def opcode_census(function):
    census = collections.Counter()

    def visit(code):
        for instruction in dis.get_instructions(code):
            census[instruction.opname] += 1
            if isinstance(instruction.argval, types.CodeType):
                visit(instruction.argval)

    visit(function.__code__)
    return census
