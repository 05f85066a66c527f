"""What became of every file of a submission: a row for each, in a fixed order, under a cap."""

from __future__ import annotations

from dataclasses import dataclass

GRADED, REFUSED, NOT_TAKEN = "graded", "refused", "not taken"
"""Its text is an answer or part of one; it was meant as an answer and cannot be taken; neither."""

ROWS_CAP = 2000
"""Most rows that are told one by one."""

_REASON_CAP = 300


@dataclass(slots=True)
class Row:
    """One file, or a folder that was not looked into. ``path`` is where it lies."""

    path: str
    reason: str = ""
    state: str = NOT_TAKEN
    exercises: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    """Exercises whose answers it comes along with."""

    def comes_along(self, exercise: str) -> None:
        """An answer imports or opens it, whatever else it is."""
        self.used += (exercise,)
        if self.state != GRADED:
            self.state, self.exercises = GRADED, ()

    def graded(self, exercise: str, note: str = "") -> None:
        """It is an answer, whatever else was said of it."""
        if self.state != GRADED:
            self.state, self.reason = GRADED, ""
        if exercise not in self.exercises:
            self.exercises += (exercise,)
        self.reason = self.reason or note

    def refused(self, exercise: str, why: str) -> None:
        """It was to be an answer and is not taken; no matter where it is one to another."""
        if self.state != GRADED:
            self.state, self.reason = REFUSED, why
            if exercise and exercise not in self.exercises:
                self.exercises += (exercise,)

    def passed_over(self, exercise: str, why: str) -> None:
        """It was looked at for this exercise; something else counts."""
        if self.state == NOT_TAKEN:
            self.reason = why
            self.exercises = (exercise,) if exercise else ()

    def packed(self) -> list[str]:
        """``[path, exercise, state, reason]``; of several exercises the reason names all."""
        one = self.exercises[0] if len(self.exercises) == 1 else ""
        if self.used and not self.exercises:
            one = self.used[0] if len(self.used) == 1 else ""
            words = "answer" if len(self.used) == 1 else "answers"
            reason = f"is graded with the {words} to {', '.join(self.used)}"
            return [_sound(self.path), one, self.state, _sound(reason[:_REASON_CAP])]
        reason = self.reason
        if len(self.exercises) > 1 and self.state == GRADED:
            reason = f"holds the answers to {', '.join(self.exercises)}"
        return [_sound(self.path), one, self.state, _sound(reason[:_REASON_CAP])]


class Account:
    """The rows of one submission."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, path: object, reason: str = "") -> Row:
        """A row for what was met at ``path``."""
        row = Row(str(path), reason)
        self.rows.append(row)
        return row

    def packed(self) -> list[list[str]]:
        """The rows by path; beyond the cap, what was not taken is summed up in a last one."""
        rows = sorted(self.rows, key=lambda r: (r.path, r.state, r.reason))
        if len(rows) <= ROWS_CAP:
            return [row.packed() for row in rows]
        weighty = [row for row in rows if row.state != NOT_TAKEN][: ROWS_CAP - 1]
        rest = [row for row in rows if row.state == NOT_TAKEN]
        shown = sorted(
            weighty + rest[: ROWS_CAP - 1 - len(weighty)], key=lambda r: (r.path, r.state)
        )
        more = len(rows) - len(shown)
        return [*(r.packed() for r in shown), ["", "", NOT_TAKEN, f"{more} more files"]]


def _sound(text: str) -> str:
    """Text that can be stored: what is no UTF-8 in a name becomes replacement characters."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "replace")
    return data.decode("utf-8", "replace")
