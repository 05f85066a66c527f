"""What is graded: a copy of the course, and a class of twenty made from its specimens."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import outline
from autograder.outline import Course, Exercise

STUDENTS = 20

COMPULSORY = (
    "count_up",
    "stream_annotations",
    "retry",
    "parallel_map",
    "pinned_loader",
    "singleton",
    "inference_server",
)
"""What is graded, however many exercises the course grows to: figures stay comparable."""


@dataclass(frozen=True, slots=True)
class Set:
    """One set of checks: its course folder (``name`` is ``behaviour`` or ``all``)."""

    name: str
    course: Course
    exercises: tuple[Exercise, ...]

    @property
    def only(self) -> str:
        """The ids for ``autograde grade --only``."""
        return ",".join(e.id for e in self.exercises)


def gradable(course: Course) -> tuple[Exercise, ...]:
    """The compulsory exercises that have a grader and a reference; all that do in a course
    without any of the compulsory ones."""
    ready = tuple(
        e for e in course.exercises if course.check_files(e) and course.solution(e).is_file()
    )
    return tuple(e for e in ready if e.id in COMPULSORY) or ready


def copy_course(course: Course, folder: Path, *, behaviour_only: bool) -> Set:
    """The course under ``folder``, so that nothing changes while it is being measured.

    With ``behaviour_only`` its graders keep the checks of ``kind="behaviour"`` alone.
    """
    exercises = gradable(course)
    places = [course.root / "course" / "outline.toml", course.root / "outline.toml"]
    for path in [p for p in places if p.is_file()][:1]:
        _write(folder / path.relative_to(course.root), path.read_text(encoding="utf-8"))
    for exercise in exercises:
        for path in (course.stub(exercise), course.solution(exercise)):
            if path.is_file():
                text = path.read_text(encoding="utf-8")
                _write(folder / path.relative_to(course.root), text)
        for grader in course.grader_files(exercise):
            text = grader.read_text(encoding="utf-8")
            target = folder / grader.relative_to(course.root)
            _write(target, only_behaviour(text) if behaviour_only else text)
    copied = outline.load(folder)
    wanted = tuple(copied.exercise(e.id) for e in exercises)
    return Set("behaviour" if behaviour_only else "all", copied, wanted)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def option(check: ast.FunctionDef, name: str) -> Any:
    """The value of an option of a check's decorator; None where it is not given."""
    for decorator in check.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == name:
                    return ast.literal_eval(keyword.value)
    return None


def only_behaviour(grader: str) -> str:
    """A grader's text without its checks of any other kind."""
    lines = grader.splitlines()
    for node in ast.parse(grader).body:
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        if (option(node, "kind") or "behaviour") != "behaviour":
            first, last = node.decorator_list[0].lineno, node.end_lineno or node.lineno
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(lines) + "\n"


# -- the class -------------------------------------------------------------------------------


def _answers(course: Course, exercise: Exercise) -> tuple[list[Path], list[Path]]:
    folder = course.specimens(exercise)
    right = [course.solution(exercise), *sorted(folder.glob("right_*.py"))]
    return right, sorted(folder.glob("wrong_*.py")) or right


def write_class(
    course: Course, exercises: tuple[Exercise, ...], folder: Path, students: int = STUDENTS
) -> list[str]:
    """One folder a student under ``folder``; returns the students' names.

    Three of five hand in right answers (the reference and the right specimens in turn), two
    of five wrong ones, spread over the specimens; every text is distinct. The choice depends
    on the specimens' names alone.
    """
    names = [f"s{number:02d}" for number in range(1, students + 1)]
    for exercise in exercises:
        right, wrong = _answers(course, exercise)
        wrongs = max(1, students * 2 // 5)
        for number, name in enumerate(names):
            turn, place = divmod(number, 5)
            if place in (1, 3):
                nth = turn * 2 + (place == 3)
                chosen = wrong[nth * len(wrong) // wrongs % len(wrong)]
            else:
                chosen = right[(turn * 3 + place) % len(right)]
            text = chosen.read_bytes() + f"\n\n# handed in by {name}\n".encode()
            target = folder / name / exercise.chapter / f"{exercise.id}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
    return names
