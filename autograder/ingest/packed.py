"""What a reader sends back of a submission, checked before it is believed."""

from __future__ import annotations

from typing import Any

from autograder import extras
from autograder.ingest.contents.answer import Answer
from autograder.model import Verdict


def answer_of(packed: list[Any]) -> Answer:
    """An answer: source, verdict, message, note and files."""
    source, verdict, message, note, files = packed
    if not (source is None or type(source) is bytes) or {type(message), type(note)} != {str}:
        raise TypeError
    verdict = Verdict(verdict) if verdict else None
    return Answer(source, verdict, message, note, extras.sound(files))


def row_of(packed: list[Any]) -> tuple[str, str, str, str]:
    """A row of a reader's account: inner path, exercise, state and reason."""
    inner, exercise, state, reason = packed
    if {type(inner), type(exercise), type(state), type(reason)} != {str}:
        raise TypeError
    return inner, exercise, state, reason
