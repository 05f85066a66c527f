# wrong: looks through a wrapper at the function that it wraps  [test_not_what_it_uses]
import collections
import dis
import inspect


def opcode_census(function):
    census = collections.Counter()

    def visit(code):
        census.update(instruction.opname for instruction in dis.get_instructions(code))
        for constant in filter(inspect.iscode, code.co_consts):
            visit(constant)

    visit(inspect.unwrap(function).__code__)
    return census
