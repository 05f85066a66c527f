# wrong: defaults and closed-over functions are taken for nested ones  [test_not_what_it_uses]
import dis
import types
from collections import Counter


def opcode_census(function):
    census, todo, done = Counter(), [function], set()
    while todo:
        thing = todo.pop()
        if isinstance(thing, types.FunctionType):
            todo += [cell.cell_contents for cell in thing.__closure__ or ()]
            todo += thing.__defaults__ or ()
            thing = thing.__code__
        if isinstance(thing, types.CodeType) and thing not in done:
            done.add(thing)
            census.update(i.opname for i in dis.get_instructions(thing))
            todo += thing.co_consts
    return census
