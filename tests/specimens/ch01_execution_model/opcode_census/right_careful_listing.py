# right: takes the opcode from the argument column of a listing that it makes of each code object
import contextlib
import dis
import io
from collections import Counter
from types import CodeType


def _listed(code):
    # Only numbers and opcodes: no names or constants to be taken for something.
    bare = code.replace(co_name="f", co_consts=(None,) * len(code.co_consts))
    bare = bare.replace(co_names=("n",) * len(code.co_names))
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        dis.dis(bare.co_code)
    for line in text.getvalue().splitlines():
        names = [word for word in line.split() if word in dis.opmap]
        if names and names[0] != "CACHE":
            yield names[0]


def opcode_census(function):
    stack, census = [function.__code__], Counter()
    while stack:
        code = stack.pop()
        census.update(_listed(code))
        stack.extend(c for c in code.co_consts if isinstance(c, CodeType))
    return census
