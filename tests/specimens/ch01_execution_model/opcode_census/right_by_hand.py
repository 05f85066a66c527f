# right: reads the code bytes itself, two by two, and leaves out the caches
import collections
import dis
import types


def opcode_census(function):
    total = collections.Counter()

    def visit(code):
        for opcode in bytes(code.co_code)[::2]:
            name = dis.opname[opcode]
            if name != "CACHE":
                total[name] += 1
        for constant in code.co_consts:
            if type(constant) is types.CodeType:
                visit(constant)

    visit(function.__code__)
    return total
