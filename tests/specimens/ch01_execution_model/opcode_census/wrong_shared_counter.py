# wrong: a Counter as default argument is shared by all calls  [test_each_census_is_its_own]
import dis
from collections import Counter


def opcode_census(function, counter=Counter()):
    code = function if hasattr(function, "co_code") else function.__code__
    counter.update(i.opname for i in dis.get_instructions(code))
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            opcode_census(constant, counter)
    return counter
