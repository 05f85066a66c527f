# wrong: remembers its results, and hands the same Counter out again  [test_each_census_is_its_own]
import collections, dis, types, functools


@functools.cache
def opcode_census(function):
    census = collections.Counter()
    todo = [function.__code__]
    while todo:
        code = todo.pop()
        census.update(i.opname for i in dis.get_instructions(code))
        todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return census
