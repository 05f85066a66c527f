"""Every entry of a download and what became of it: the rows of ``files.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.ingest.attempts import Attempt, Part, Stray, path_of
from autograder.ingest.contents.account import GRADED, NOT_TAKEN, REFUSED
from autograder.ingest.entry_names import NO_LOOK, litter, name_of
from autograder.ingest.tree import Node

OTHERS_CAP = 2000
"""Most files that are listed one by one of an attempt that does not count."""


__all__ = ["GRADED", "NOT_TAKEN", "REFUSED", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``files.csv``. ``path`` is within what was given."""

    path: str
    student: str
    name: str
    exercise: str
    attempt: str
    state: str
    reason: str


def of_strays(strays: Iterable[Stray]) -> Iterator[Row]:
    """A row for each entry that is nobody's."""
    for stray in strays:
        yield Row(name_of(stray.path), stray.student, "", "", "", NOT_TAKEN, stray.reason)


def of_other(
    attempt: Attempt, chosen: Attempt, student: str, name: str, listed: set[int]
) -> Iterator[Row]:
    """Rows for what an attempt that does not count holds, less the entries that are ``listed``."""
    reason = attempt.refusal or f"another attempt: {chosen.when or 'the latest'} was taken"
    state = REFUSED if attempt.refusal else NOT_TAKEN
    for part in attempt.parts:
        if id(part.node) in listed:
            continue
        listed.add(id(part.node))
        count = 0
        for node in _files(part.node, OTHERS_CAP):
            count += 1
            yield Row(_shown(node), student, name, "", attempt.when, state, reason)
        if count >= OTHERS_CAP:
            yield Row(_shown(part.node), student, name, "", attempt.when, state, f"{reason}; more")


def of_refused(attempt: Attempt, student: str, name: str, reason: str) -> Iterator[Row]:
    """Rows for a submission that was refused as a whole."""
    for part in attempt.parts:
        yield Row(_shown(part.node), student, name, "", attempt.when, REFUSED, reason)


def of_nothing(attempt: Attempt, student: str, name: str, refusal: str) -> Iterator[Row]:
    """Rows for what no file was found in: it was refused, or it is an empty folder."""
    if refusal:
        yield from of_refused(attempt, student, name, refusal)
        return
    for part in attempt.parts:
        yield Row(_shown(part.node), student, name, "", attempt.when, NOT_TAKEN, "holds no file")


def of_problems(
    problems: Iterable[tuple[Node, str, str]], attempt: Attempt, student: str, name: str
) -> Iterator[Row]:
    """Rows for members of a class's archive that could not be unpacked."""
    for node, _, problem in problems:
        yield Row(_shown(node), student, name, "", attempt.when, REFUSED, problem)


def of_litter(attempt: Attempt, student: str, name: str) -> Iterator[Row]:
    """Rows for what systems and tools have left in an archive, and was not unpacked."""
    for part in attempt.parts:
        for node in part.node.walk(100_000, NO_LOOK) if part.node.within_archive else ():
            reason = litter(node.name, folder=node.is_folder)
            left = node.name in NO_LOOK if node.is_folder else not (node.path or node.problem)
            if left:
                yield Row(
                    _shown(node),
                    student,
                    name,
                    "",
                    attempt.when,
                    NOT_TAKEN,
                    reason or "left by a tool",
                )


def of_account(
    account: Sequence[Sequence[str]], attempt: Attempt, student: str, name: str
) -> Iterator[Row]:
    """Rows from what a reader says of each file: inner path, exercise, state and reason."""
    for inner, exercise, state, reason in account:
        yield Row(
            _outer(inner, attempt.parts), student, name, exercise, attempt.when, state, reason
        )


def _files(node: Node, budget: int) -> Iterator[Node]:
    if not node.is_folder:
        yield node
        return
    for child in node.walk(budget, frozenset({".git", "__MACOSX", "venv", ".venv"})):
        if not child.is_folder:
            yield child


def _outer(inner: str, parts: Sequence[Part]) -> str:
    """Where a file of a submission lies in the download."""
    best = max(
        (p for p in parts if _is_below(inner, p.inner)), key=lambda p: len(p.inner), default=None
    )
    if best is None:
        return inner
    rest = inner[len(best.inner) :].lstrip("/") if best.inner else inner
    whole = _shown(best.node)
    if not rest or (best.node.is_file and rest == best.node.name):
        return whole
    return f"{whole}/{rest}" if best.node.where or best.node.is_file else rest


def _is_below(inner: str, base: str) -> bool:
    return not base or inner == base or inner.startswith(f"{base}/")


def _shown(node: Node) -> str:
    return name_of(path_of(node))
