# right: a generator walks the code objects breadth first, a subclass of Counter does the counting
import dis
from collections import Counter, deque
from inspect import iscode


class Census(Counter):
    """A Counter that prints itself by count."""


def _all_code(first):
    queue = deque([first])
    while queue:
        code = queue.popleft()
        yield code
        queue.extend(filter(iscode, code.co_consts))


def opcode_census(function, *, skip=frozenset({"CACHE"})):
    census = Census()
    for code in _all_code(function.__code__):
        for _, opcode, _ in map(_row, dis.get_instructions(code)):
            if opcode not in skip:
                census[opcode] = census.get(opcode, 0) + 1
    return census


def _row(instruction):
    return instruction.offset, instruction.opname, instruction.arg
