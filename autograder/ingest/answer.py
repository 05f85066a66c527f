"""What a submission holds for one exercise."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission holds for one exercise: its text, or the verdict that stands for it."""

    source: bytes | None
    verdict: Verdict | None = None
    message: str = ""
    note: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    """Companions of the answer: names and contents."""
    origin: str = ""
    """Where in the submission the text is from; known to the reader only."""
