# wrong: leaves out the instructions that do nothing by themselves  [test_instructions_that_widen_others]
import collections, dis, types


def opcode_census(function):
    census = collections.Counter()
    todo = [function.__code__]
    while todo:
        code = todo.pop()
        census.update(
            i.opname for i in dis.get_instructions(code) if i.opname not in ("EXTENDED_ARG", "NOP")
        )
        todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return census
