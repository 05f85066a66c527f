# wrong: takes the second of two lambdas that read alike for the first  [test_each_code_object_once]
import collections
import dis
import types


def opcode_census(function):
    census, seen, todo = collections.Counter(), set(), [function.__code__]
    while todo:
        code = todo.pop()
        key = (code.co_name, code.co_firstlineno, code.co_code)
        if key not in seen:
            seen.add(key)
            census.update(i.opname for i in dis.get_instructions(code))
            todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return census
