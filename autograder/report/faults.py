"""Faults of ours, in words for those who can fix them; each one is listed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.model import CheckResult, Result
from autograder.text.clean import clean
from autograder.text.numbers import counted, points_are, sums
from autograder.text.wording import FAULT

MOST_FAULTS = 20
"""A longer list is cut here on the screen; ``results.jsonl`` has every fault."""

_MOST_CHARACTERS = 600


@dataclass(slots=True)
class Fault:
    """One fault, and whom it met: the exercises and the students."""

    check: str
    cause: str
    exercises: dict[str, None] = field(default_factory=dict)
    met: dict[str, None] = field(default_factory=dict)

    def line(self, noun: str = "student") -> str:
        """The fault on one line; ``noun`` is what it met."""
        names = [*self.met]
        whom = counted(len(names), noun) + (f": {names[0]}" if len(names) == 1 else "")
        ids = [*self.exercises]
        where = ", ".join(ids) if len(ids) <= 3 else counted(len(ids), "exercise")
        if not self.check:
            head = f"{FAULT} {where}: {self.cause}"
        elif _place(self.cause):
            head = f"{FAULT} {self.check} in {self.cause}"
        else:
            head = f"{FAULT} {self.check} of {where}: {self.cause}"
        return f"{clean(head[:_MOST_CHARACTERS])} ({clean(whom[:200])})"


def grouped(results: Iterable[Result]) -> list[Fault]:
    """Every fault among ``results`` once: same check, same line, same kind of error.

    What keeps whole exercises from being graded is one fault for all that it says the same of.
    """
    faults: dict[tuple[str, ...], Fault] = {}
    for result in results:
        for check in _faults(result):
            cause = _on_one_line(check.message if check else result.message)
            name = check.name if check else ""
            key = (result.exercise, name, _kind(cause)) if check else (cause,)
            fault = faults.setdefault(key, Fault(name, cause))
            fault.exercises[result.exercise] = None
            fault.met[result.student] = None
    return list(faults.values())


def fault_lines(results: Sequence[Result]) -> list[str]:
    """A line for each fault, and one that says what they come to; empty without faults."""
    faults = grouped(results)
    lines = [fault.line() for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(f"… {len(faults) - MOST_FAULTS} more in results.jsonl")
    if faults:
        count = sum(r.faulted for r in results)
        left_open = sums(r for r in results if r.faulted).open
        lines.append(
            f"{counted(len(faults), 'grader fault')} in {counted(count, 'answer')}: "
            f"{points_are(left_open)} open and cost no student anything."
        )
    return lines


def _faults(result: Result) -> Iterator[CheckResult | None]:
    if result.faults:
        yield from result.faults
    elif result.faulted:
        yield None


def _on_one_line(message: str) -> str:
    """A message, of a log the line that it begins with and the last one, which names the cause."""
    lines = [line.strip() for line in message.splitlines() if line.strip()] or ["(no message)"]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"


def _place(cause: str) -> bool:
    """Whether a cause begins with a file and a line."""
    file, _, line = cause.partition(": ")[0].rpartition(":")
    return file.endswith(".py") and line.isdigit()


def _kind(cause: str) -> str:
    """What tells faults of a check apart: where, and which error; not the values in its text."""
    return ": ".join(cause.split(": ")[: 2 if _place(cause) else 1])
