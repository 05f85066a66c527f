# right: reads the text that dis.dis prints of each code object, level by level
from __future__ import annotations

import collections
import dis
import inspect
import io
import re
from collections.abc import Callable
from typing import Any

_LINE = re.compile(r"^\s*(?:\d+\s+)?(?:-->\s+)?(?:>>\s+)?\d+ ([A-Z][A-Z_0-9]*)", re.MULTILINE)


def opcode_census(function: Callable[..., Any]) -> collections.Counter[str]:
    level = [function.__code__]
    census = collections.Counter()
    while level:
        for code in level:
            text = io.StringIO()
            dis.dis(code, file=text, depth=0)
            listing = text.getvalue().split("ExceptionTable:\n")[0]
            census += collections.Counter(_LINE.findall(listing))
        level = [const for code in level for const in filter(inspect.iscode, code.co_consts)]
    return census
