"""``autograde release --gradescope``: an autograder to upload, for some exercises of a course."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from autograder.authoring import grading_kit
from autograder.authoring.packed_wheel import zipped
from autograder.outline import Course, Exercise
from autograder.report.gradescope import of_failure
from autograder.text.numbers import points

PROGRAMS = frozenset({"setup.sh", "run_autograder"})
"""What Gradescope runs: both at the root of the zip."""

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    points: str


def data(course: Course, exercises: Iterable[Exercise], private: Iterable[Path] = ()) -> bytes:
    """The zip. ``private`` are folders of private graders. Raises
    :class:`~.packed_wheel.WheelError` where the engine's wheel cannot be made."""
    exercises = tuple(exercises)
    kit = grading_kit.files(course, exercises, private)
    context: dict[str, object] = {
        "title": course.title,
        "python": PYTHON,
        "failure": json.dumps(of_failure(), ensure_ascii=False),
        "exercises": [_Row(e.id, points(e.points)) for e in exercises],
        "points": points(sum(e.points for e in exercises)),
        "names": ", ".join(f"`{e.id}.py`" for e in exercises),
        "memory": "3 GB" if any(e.profile.startswith("torch") for e in exercises) else "1.5 GB",
        "minutes": 10 if len(exercises) <= 10 else 20,
    }
    texts = {
        name: rendered(f"gradescope/{name}.j2", context).encode()
        for name in (*sorted(PROGRAMS), "README.md")
    }
    return zipped({**texts, **kit}, PROGRAMS)


def rendered(name: str, context: dict[str, object]) -> str:
    """A template of ``templates/``."""
    return _environment().get_template(name).render(context)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        # The files have braces of their own: in expressions of GitHub, and in shells.
        variable_start_string="[[",
        variable_end_string="]]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
