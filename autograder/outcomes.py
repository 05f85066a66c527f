"""How a check can end other than by passing, as exceptions that carry their verdict."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Any

from autograder.model import Verdict


class CheckFailed(AssertionError):
    """An expectation that was not met; its text is written for the student."""


@dataclass
class Outcome(Exception):
    """An end that is not an assertion: the student's code raised, hung, crashed and so on.

    ``public_message`` may quote values; ``hidden_message`` is what a hidden check may show.
    ``loading`` says that it happened while the module was imported, as it would every time.
    """

    verdict: Verdict
    public_message: str
    hidden_message: str
    loading: bool = False

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


def _quote(source: str, frames: Any) -> tuple[str, str]:
    """Where it happened: the innermost of the student's own frames, and its line quoted."""
    lines = source.splitlines()
    for frame in reversed(frames if type(frames) is list else []):
        if type(frame) is not list or len(frame) != 2:
            continue
        line, function = frame
        if type(line) is int and 1 <= line <= len(lines):
            text = lines[line - 1].strip()[:120]
            named = type(function) is str and function.isidentifier() and function in source
            return f"line {line}" + (f" in {function}" if named else ""), text
    return "", ""


def raised(error: dict[str, Any], exercise: str, source: str) -> Outcome:
    """The outcome of an exception that came back from the sandbox, as a student reads it.

    Whatever ``error`` holds may be forged: a hidden message takes no word from it that the
    submission could have made of an input, be it the name of a class or of a function.
    """
    kind, text = str(error.get("type", "?"))[:100], str(error.get("message", ""))
    shown_kind = error_name(kind)
    where, quoted = _quote(source, error.get("frames"))
    if kind == "NotImplementedError" and text.startswith(f"{exercise}:"):
        return Outcome(Verdict.NOT_ATTEMPTED, "Not started yet.", "Not started yet.")
    if error.get("missing") and not where:
        missing = str(error["missing"])[:100]
        public = f"`{missing}` is not defined in your {exercise}.py."
        hidden = f"A name that this check needs is not defined in your {exercise}.py."
        return Outcome(Verdict.FAILED, public, hidden)
    if kind == "MemoryError":
        message = "Your code ran out of memory."
        return Outcome(Verdict.OUT_OF_MEMORY, message, message)
    if kind == "SystemExit":
        message = "Your code called exit; a module must return to its caller."
        message += f"\n  {where}: {quoted}" if where else ""
        return Outcome(Verdict.RAISED, message, message)
    if not where:
        public = f"Using what your code returned raised {kind}: {_first(text)}"
        hidden = f"Using what your code returned raised {shown_kind}."
        return Outcome(Verdict.FAILED, public, hidden)
    head = "Your code could not be loaded" if kind in _SYNTAX else "Your code raised"
    public = f"{head}: {kind}: {_first(text)}\n  {where}: {quoted}"
    hidden = f"{head}: {shown_kind}\n  {where}: {quoted}"
    return Outcome(Verdict.RAISED, public, hidden)


_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


def _first(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else "(no message)"
    return line if len(line) <= 200 else line[:200] + " …"


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


def ended(how: str, detail: str, last: str) -> Outcome:
    """The outcome of a worker that ended before it answered."""
    during = f" while {last}" if last else ""
    if how == "timed out":
        verdict, message = Verdict.TIMED_OUT, f"Timed out after {detail}{during}."
    elif how == "out of memory":
        verdict, message = Verdict.OUT_OF_MEMORY, f"Used more than {detail} of memory{during}."
    elif how == "crashed":
        verdict, message = Verdict.CRASHED, f"The process crashed ({detail}){during}."
    elif how == "malformed":
        verdict = Verdict.FAILED
        message = f"What your code returned could not be read ({detail}){during}."
    else:
        verdict = Verdict.CRASHED
        message = f"The process ended early{during}: your code left it or closed its connection."
    return Outcome(verdict, message, message)
