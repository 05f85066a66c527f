"""The outline of a course folder that has a part of a course: ``outline.toml`` as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from autograder.authoring import public_checks
from autograder.outline import IN_MIB, Chapter, Course, Exercise
from autograder.text import toml


def outline_text(
    course: Course,
    chapters: Iterable[Chapter],
    public: Mapping[str, public_checks.Reduced],
    graders: str,
) -> str:
    """The outline of a course folder with these chapters, whose graders are in ``graders``; it says
    of each exercise in ``public`` how many checks are hidden, and what the public ones are worth.
    """
    chapters = tuple(chapters)
    # What an exercise builds on may be in a chapter that is not here.
    ids = {e.id for chapter in chapters for e in chapter.exercises}
    lines = ["[course]", f"title = {toml.text(course.title)}", f"graders = {toml.text(graders)}"]
    for chapter in chapters:
        lines += [
            "",
            "[[chapter]]",
            f"id = {toml.text(chapter.id)}",
            f"title = {toml.text(chapter.title)}",
        ]
        for exercise in chapter.exercises:
            lines += ["", "[[chapter.exercise]]", *_entry(exercise, ids, public.get(exercise.id))]
    return "\n".join(lines) + "\n"


def _entry(exercise: Exercise, ids: set[str], public: public_checks.Reduced | None) -> list[str]:
    hidden = public.hidden if public is not None else 0
    share = public.share if public is not None and hidden else None
    mib = 1 << 20
    limits = ", ".join(
        f"{f.name} = {getattr(exercise.limits, f.name) / (mib if f.name in IN_MIB else 1):g}"
        for f in fields(exercise.limits)
    )
    return [
        f"id = {toml.text(exercise.id)}",
        f"title = {toml.text(exercise.title)}",
        f"section = {toml.text(exercise.section)}",
        f"points = {exercise.points}",
        f"minutes = {exercise.minutes}",
        f"prerequisites = {toml.texts(p for p in exercise.prerequisites if p in ids)}",
        f"needs = {toml.texts(exercise.needs)}",
        *([f"files = {toml.texts(exercise.files)}"] if exercise.files else []),
        f"hidden_checks = {hidden}",
        *([f"public_points = {share * exercise.points:.6g}"] if share is not None else []),
        f"hints = {toml.texts(exercise.hints)}",
        f"limits = {{ {limits} }}",
    ]
