"""What a submission holds for one exercise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.extras import Files
from autograder.model import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission holds for one exercise: its text, or the verdict that stands for it."""

    source: bytes | None
    verdict: Verdict | None = None
    message: str = ""
    note: str = ""
    files: Files = ()
    """What comes along: modules that the text imports and files that it opens, by name."""
    origin: str = ""
    """Where in the submission the text is from; known to the reader only."""
    places: tuple[PurePosixPath, ...] = ()
    """Where the files lie; known to the reader only."""
