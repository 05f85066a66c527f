"""Signs that a person should look at an answer, with the line that shows each.

They come from the sandbox, where a submission runs, so what they say is shown only in words and
names that were there before it. A sign takes no points.
"""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass, field
from typing import Any

from autograder.extras import Files, sources
from autograder.text.regular import shown

MOST = 12
"""Signs that are kept of one result."""

_TRACES = "traces what runs around it"
_CODE = "changes the code of a function that is not its own"
_WORDS = (
    "reads the frames of its callers",
    "walks through the objects of the whole process",
    "calls into C through ctypes",
    "opens the memory of a process",
    "uses a connection that it did not open",
    _TRACES,
    _CODE,
)
_LOOKS = re.compile(
    rb"(?<!\w)(__closure__|cell_contents|__globals__|__builtins__|f_locals|f_globals|f_back"
    rb"|gi_frame|tb_frame|_getframe|currentframe|settrace|setprofile|get_objects|get_referrers"
    rb"|get_referents|ctypes|addaudithook|_testcapi|/proc/(?:self|\d+)/(?:mem|fd|maps))(?!\w)"
)


@dataclass(slots=True)
class Signs:
    """The signs of one check, in the order in which they came."""

    found: list[str] = field(default_factory=list)

    def look(self, source: bytes, reference: bytes, files: Files = ()) -> None:
        """Note what the text of an answer names, and the reference's does not, that leads out of
        its own functions. Linear in the text; nothing is parsed. ``files`` lie beside it."""
        usual = {match[0] for match in _LOOKS.finditer(reference)}
        for place, text in (("", source), *_others(files)):
            for match in _LOOKS.finditer(text):
                start = text.rfind(b"\n", 0, match.start()) + 1
                if match[0] not in usual and b"#" not in text[start : match.start()]:
                    usual.add(match[0])
                    line = text.count(b"\n", 0, match.start()) + 1
                    self.add(f"{place}line {line}: names {match[0].decode()}")

    def take(
        self, reply: dict[str, Any], source: bytes, tracing: bool = False, files: Files = ()
    ) -> list[str]:
        """Note the signs in a worker's reply; returns what was exchanged of Python's own.

        ``tracing`` says that tracing belongs to the exercise; ``files`` lie beside the answer.
        """
        exchanged: list[str] = []
        noticed = reply.get("noticed", [])
        for entry in noticed if type(noticed) is list else []:
            if type(entry) is list and len(entry) == 2 and entry[1] in _WORDS:
                line, words = entry
                if words == _TRACES and tracing:
                    continue
                exchanged += ["sys.settrace"] * (words == _TRACES) + ["__code__"] * (words == _CODE)
                where = f"line {line}: " if type(line) is int and 0 < line < 1_000_000 else ""
                self.add(f"{where}{words}")
        replaced = reply.get("replaced", [])
        names = [n for n in replaced if _is_pythons(n)] if type(replaced) is list else []
        for name in names:
            if name == "observation":
                self.add("changes what a check works with")
                continue
            texts = (("", source), *_others(files))
            places = (f"{place}line {n}: " for place, text in texts if (n := line_of(text, name)))
            self.add(next(places, "") + f"replaces {name}")
        return names + exchanged

    def words(self) -> str:
        """What the student should know of the signs; empty where there is nothing to say."""
        names = [s.partition("replaces ")[2] for s in self.found if "replaces " in s]
        if not names:
            return ""
        what = ", ".join(f"`{name}`" for name in names[:4])
        return f"Your file replaces {what}. The checks work with Python's own."

    def add(self, sign: str) -> None:
        """Note a sign once."""
        if sign not in self.found and len(self.found) < MOST:
            self.found.append(sign)


def _others(files: Files) -> list[tuple[str, bytes]]:
    """The student's other modules, each with the words that say which it is."""
    return [(f"{shown(name)}, ", text) for name, text in sources(files)]


def _is_pythons(name: Any) -> bool:
    """Whether it is a dotted name below a module of Python, numpy or torch."""
    if type(name) is not str or len(name) > 100 or not name.isascii():
        return False
    if name == "observation":
        return True
    parts = name.split(".")
    top = parts[0] in sys.stdlib_module_names or parts[0] in ("numpy", "torch")
    return top and all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)


def line_of(source: bytes, name: str) -> int:
    """The first line that assigns something of this last name; 0 where none does so plainly."""
    last = re.escape(name.rpartition(".")[2].encode())
    pattern = rb"(?:\b|['\"])%b['\"]?[^\n=]{0,40}=(?!=)|['\"]%b['\"]"
    match = re.search(pattern % (last, last), source)
    return source.count(b"\n", 0, match.start()) + 1 if match else 0
