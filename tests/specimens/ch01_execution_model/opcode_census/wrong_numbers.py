# wrong: counts the numbers of the opcodes, not their names  [test_one_function]
import collections
import dis


def opcode_census(function):
    counts, todo = collections.Counter(), [function.__code__]
    while todo:
        code = todo.pop()
        counts.update(instruction.opcode for instruction in dis.get_instructions(code))
        todo += [c for c in code.co_consts if type(c) is type(code)]
    return counts
