# right: recursion that adds Counters, for a function as for a code object
from collections import Counter
from dis import Bytecode


def opcode_census(function) -> Counter[str]:
    own = Counter(instruction.opname for instruction in Bytecode(function))
    code = getattr(function, "__code__", function)
    inside = (opcode_census(c) for c in code.co_consts if hasattr(c, "co_code"))
    return sum(inside, own)
