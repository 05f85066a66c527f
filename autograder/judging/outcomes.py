"""How a check can end other than by passing, as exceptions that carry their verdict."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.judging.newer import wanted
from autograder.judging.telling import NOT_SHOWN, meant, shown
from autograder.model import NOT_DEFINED, Verdict
from autograder.sandbox.endings import Ending
from autograder.text.cutting import at_the_end

NOT_STARTED = "Not started yet."


class CheckFailed(AssertionError):
    """An expectation that was not met; its text is written for the student."""


@dataclass
class Outcome(Exception):
    """An end that is not an assertion: the student's code raised, hung, crashed and so on.

    ``public_message`` may quote values; ``hidden_message`` is what a hidden check may show.
    ``loading`` says that it happened while the module was imported, as it would every time.
    ``missing`` is a name that the check needs and the module lacks.
    """

    verdict: Verdict
    public_message: str
    hidden_message: str
    loading: bool = False
    missing: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.verdict, self.public_message)


class Deferred(Exception):
    """The check needs something this machine lacks."""


def error_name(kind: Any) -> str:
    """The name of an exception as a hidden check may show it: only Python's own are named."""
    known = getattr(builtins, kind, None) if type(kind) is str else None
    if isinstance(known, type) and issubclass(known, BaseException):
        return str(kind)
    return "an exception of your own"


def place(source: str, frames: Any, files: Iterable[tuple[str, bytes]] = ()) -> str:
    """The innermost of the student's own frames, as ``line 3 in f: return x``; may be empty.

    ``files`` are the student's that lie beside the module.
    """
    where, quoted = _quote(source, frames, dict(files))
    return f"{where}: {quoted}" if where else ""


def _quote(source: str, frames: Any, beside: Mapping[str, bytes]) -> tuple[str, str]:
    """Where it happened: the innermost of the student's own frames, and its line quoted."""
    for frame in reversed(frames[-_MOST_FRAMES:] if type(frames) is list else []):
        if type(frame) is not list or len(frame) not in (2, 3):
            continue
        line, function, *other = frame
        text, place = source, ""
        if other:
            if type(other[0]) is not str or other[0] not in beside or other[0][-3:] != ".py":
                continue
            text, place = beside[other[0]].decode("utf-8", "replace"), f"{other[0]}, "
        lines = text.splitlines()
        if type(line) is int and 1 <= line <= len(lines):
            named = type(function) is str and function.isidentifier() and function in text
            where = f"{place}line {line}" + (f" in {function}" if named else "")
            return where, lines[line - 1].strip()[:120]
    return "", ""


def raised(
    error: dict[str, Any], exercise: str, source: str, files: Iterable[tuple[str, bytes]] = ()
) -> Outcome:
    """The outcome of an exception that came back from the sandbox, as a student reads it.

    ``files`` are the student's that lie beside the module.

    Whatever ``error`` holds may be forged: a hidden message takes no word from it that the
    submission could have made of an input, be it the name of a class or of a function.
    """
    kind, text = str(error.get("type", "?"))[:100], str(error.get("message", ""))
    shown_kind = error_name(kind)
    beside = dict(files)
    where, quoted = _quote(source, error.get("frames"), beside)
    if kind == "NotImplementedError" and text.startswith(f"{exercise}:"):
        message = f"Not written yet.\n  {where}: {quoted}" if where else NOT_STARTED
        return Outcome(Verdict.NOT_ATTEMPTED, message, message)
    if error.get("missing") and not where:
        missing = str(error["missing"])[:100]
        public = f"`{missing}` {NOT_DEFINED} your {exercise}.py."
        hidden = f"A name that this check needs {NOT_DEFINED} your {exercise}.py."
        return Outcome(Verdict.FAILED, public, hidden, missing=missing)
    if kind == "MemoryError":
        message = "Your code ran out of memory."
        return Outcome(Verdict.OUT_OF_MEMORY, message, message)
    if kind == "SystemExit":
        message = "Your code called exit; a module must return to its caller."
        message += f"\n  {where}: {quoted}" if where else ""
        return Outcome(Verdict.RAISED, message, message)
    texts = [source, *(data.decode("utf-8", "replace") for data in beside.values())]
    safe = _safe(shown_kind, text, texts)
    if not where:
        public = f"Using what your code returned raised {kind}: {_first(text)}"
        hidden = f"Using what your code returned raised {safe}"
        return Outcome(Verdict.FAILED, public, hidden)
    head = "Your code could not be loaded" if kind in _SYNTAX else "Your code raised"
    # Of the line that is quoted, never of the error's words: those may be forged.
    version = wanted(quoted, kind in _SYNTAX) if kind in (*_SYNTAX, *_LACKS) else ""
    version = f"\n  {version}" if version else ""
    rest = f"\n  {where}: {quoted}{version}"
    if known := shown(text, texts):
        # What is said of names that stand in the file, a hidden check may say, too.
        like = meant(kind, known, source)
        like = f". Did you mean `{like}`?" if like else ""
        rest = f"{like}{rest}{_absent(kind, text, exercise, beside)}"
    public, hidden = f"{head}: {kind}: {_first(text)}{rest}", f"{head}: {safe}{rest}"
    return Outcome(Verdict.RAISED, public, hidden)


def _safe(shown_kind: str, text: str, texts: Iterable[str]) -> str:
    """An exception as a hidden check may show it: with its message, or why that is not shown."""
    words = shown(text, texts)
    if words or not text.strip():
        return f"{shown_kind}: {words}" if words else f"{shown_kind}."
    return f"{shown_kind} ({NOT_SHOWN})"


def _absent(kind: str, text: str, exercise: str, beside: Mapping[str, bytes]) -> str:
    """What to say of a module that is not there: it may be one of the student's own."""
    match = _NO_MODULE.fullmatch(text) if kind == "ModuleNotFoundError" else None
    if match is None or f"{match[1]}.py" in beside:
        return ""
    name = match[1]
    return (
        f"\n  `{name}` is not installed here, and no {name}.py came with your {exercise}.py: "
        "it belongs in the same folder."
    )


_NO_MODULE = re.compile(r"No module named '([A-Za-z_]\w{0,80})'")
_MOST_FRAMES = 16
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_LACKS = ("ImportError", "ModuleNotFoundError", "AttributeError")


def _first(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else "(no message)"
    return at_the_end(line, 200)


def tampered(names: list[str]) -> Outcome:
    """The outcome of code that exchanged what a check looks with, while it ran."""
    named = [
        f"`{name}`" if name != "observation" else "what the check works with" for name in names
    ]
    what = " and ".join(named[:3])
    message = (
        f"Your code replaces {what} while it runs, so what this check saw counts for nothing. "
        "Leave what belongs to Python as it is."
    )
    return Outcome(Verdict.FAILED, message, message)


_EARLY = (
    Verdict.CRASHED,
    "The process ended early{during}: your code left it or closed its connection.",
)
_ENDINGS = {
    Ending.TIMED_OUT: (Verdict.TIMED_OUT, "Timed out after {detail}{during}."),
    Ending.OUT_OF_CPU_TIME: (Verdict.TIMED_OUT, "Timed out after {detail}{during}."),
    Ending.OUT_OF_MEMORY: (Verdict.OUT_OF_MEMORY, "Used more than {detail} of memory{during}."),
    Ending.CRASHED: (Verdict.CRASHED, "The process crashed ({detail}){during}."),
    Ending.MALFORMED: (
        Verdict.FAILED,
        "What your code returned could not be read ({detail}){during}.",
    ),
    Ending.EXITED: _EARLY,
    Ending.CLOSED: _EARLY,
}
"""The verdict and the message of each ending: with the ``detail`` of ``WorkerEnded``, and what it
was asked to do ``during`` that."""


def ended(ending: Ending, detail: str, last: str, place: str = "") -> Outcome:
    """The outcome of a worker that ended before it answered, while ``last`` (may be empty).

    ``place`` is the line of the student's that was running then, from :func:`placed`.
    """
    verdict, message = _ENDINGS[ending]
    message = message.format(detail=detail, during=f" while {last}" if last else "")
    if place:
        message = f"{message.removesuffix('.')}. It was at this line:\n  {place}"
    return Outcome(verdict, message, message)
