"""Which Python an answer was written for, where the one that graded it is older or newer.

A student's own Python may be a later one: what it takes is refused here as "invalid syntax", or
is missing from a module. A small table is enough to say so; it looks at the line quoted anyway.
"""

from __future__ import annotations

import re
import sys

_SYNTAX = {
    (3, 12): (
        r"type\s+[^\W\d]\w*\s*(\[.*\])?\s*=",
        r"((async\s+)?def|class)\s+\w+\s*\[",
        r""".*\b[rR]?[fF][rR]?(["'])(?:(?!\1).)*\{[^}]*(\1[^}]*\1|\\|#)""",
    ),
    (3, 13): (r"((async\s+)?def|class)\s+\w+\s*\[[^\]]*=",),
    (3, 14): (r"except\s+[\w.]+\s*,", r""".*(^|[^\w])[rR]?[tT][rR]?["']"""),
}
_NEW = {
    (3, 12): "itertools.batched typing.override typing.TypeAliasType collections.abc.Buffer "
    "math.sumprod sys.monitoring calendar.Month",
    (3, 13): "warnings.deprecated typing.TypeIs typing.ReadOnly typing.NoDefault copy.replace "
    "queue.ShutDown asyncio.QueueShutDown dbm.sqlite3 os.process_cpu_count",
    (3, 14): "annotationlib compression string.templatelib concurrent.interpreters pathlib.types "
    "functools.Placeholder concurrent.futures.InterpreterPoolExecutor heapq.heappush_max",
}
_REMOVED = {
    (3, 12): "distutils imp asyncore asynchat smtpd",
    (3, 13): "cgi cgitb crypt imghdr mailcap nntplib pipes sndhdr telnetlib uu xdrlib",
}

Version = tuple[int, int]


def spelled(version: Version) -> str:
    """``3.12``, as people write it."""
    return ".".join(map(str, version))


def wanted(line: str, syntax: bool, here: Version | None = None) -> str:
    """What is to be said of the line that an error quotes; empty where its Python is this one.

    ``syntax`` says that the line could not be read at all.
    """
    here = here or sys.version_info[:2]
    if syntax:
        return _sentence(here, _newest(_syntax(line)) or here)
    if (needed := _newest(_named(line, _NEW))) and needed > here:
        return _sentence(here, needed)
    if (gone := _newest(_named(line, _REMOVED))) and gone <= here and "import" in line:
        return f"Graded with Python {spelled(here)}; Python {spelled(gone)} has removed this."
    return ""


def _sentence(here: Version, needed: Version) -> str:
    more = f"; this needs {spelled(needed)}" if needed > here else ""
    return f"Graded with Python {spelled(here)}{more}."


def _newest(versions: list[Version]) -> Version | None:
    return max(versions, default=None)


def _syntax(line: str) -> list[Version]:
    line = line.strip()
    return [v for v, patterns in _SYNTAX.items() if any(re.match(p, line) for p in patterns)]


def _named(line: str, table: dict[Version, str]) -> list[Version]:
    """The versions of the names that a line imports or uses."""
    words = line.partition("#")[0]
    used = set(re.findall(r"[^\W\d]\w*(?:\.\w+)*", words))
    if source := re.match(r"\s*from\s+([\w.]+)\s+import\s+(.*)", words):
        names = re.findall(r"\w+", source[2])
        used = {source[1], *(f"{source[1]}.{name}" for name in names)}
    # A module that is new has new parts, too.
    used |= {name.rpartition(".")[0] for name in used} if "import" in words else set()
    return [v for v, names in table.items() if used & set(names.split())]
