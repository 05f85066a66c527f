"""Where a student is: lists, the next exercise, what one asks for, progress as data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from autograder.kata.choose import following
from autograder.kata.progress import Standing
from autograder.kata.words import Line
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Chapter, Exercise

_STATES = {"passed": ("good", "passed"), "tried": ("bad", "tried"), "new": ("open", "not started")}


def _count(standings: dict[str, Standing], chapter: Chapter) -> int:
    return sum(standings.get(e.id, Standing()).state == "passed" for e in chapter.exercises)


def _bar(done: int, total: int) -> str:
    filled = round(10 * done / total) if total else 0
    return "█" * filled + "░" * (10 - filled)


def home(workspace: Workspace, standings: dict[str, Standing], plain: bool) -> Iterator[Line]:
    """``kata`` alone: progress by chapter, the next exercise, what to type."""
    course = workspace.course
    yield Line("head", course.title)
    for chapter in course.chapters:
        done, total = _count(standings, chapter), len(chapter.exercises)
        bar = "" if plain else f"{_bar(done, total)} "
        kind = "good" if total and done == total else "message"
        text = f"{bar}{done} of {total}  {chapter.title}"
        yield Line(kind if plain else "message", text)
    yield from coming(workspace, standings)
    yield Line("quiet", "kata list: every exercise.  kata --help: every command.")


def coming(
    workspace: Workspace, standings: dict[str, Standing], after: str | None = None
) -> Iterator[Line]:
    """The next exercise and what to type for it."""
    exercise = following(workspace.course, standings, after)
    if exercise is None:
        yield Line("summary", "Every exercise is passed. Well done.")
        return
    yield Line("summary", f"Next: {exercise.id}, {exercise.title} (about {exercise.minutes} min)")
    yield Line("quiet", workspace.shown(workspace.path(exercise)))
    yield Line("next", f"kata show {exercise.id}   what it asks for")
    yield Line("next", f"kata open {exercise.id}   edit it")
    yield Line("next", f"kata watch {exercise.id}   check whenever you save")


def listing(
    workspace: Workspace, standings: dict[str, Standing], chapter: str | None = None
) -> Iterator[Line]:
    """Every exercise, or those of one chapter."""
    wide = max(len(e.id) for e in workspace.course.exercises)
    for each in workspace.course.chapters:
        if chapter is not None and each.id != chapter:
            continue
        yield Line("head", f"{each.title} ({_count(standings, each)} of {len(each.exercises)})")
        for exercise in each.exercises:
            standing = standings.get(exercise.id, Standing())
            kind, words = _STATES[standing.state]
            yield Line(kind, f"{exercise.id:{wide}}  {_detail(exercise, standing)}", words, 1)


def _detail(exercise: Exercise, standing: Standing) -> str:
    parts = [f"{exercise.minutes} min"]
    if standing.state == "tried":
        parts.append(f"{standing.passed} of {standing.total} checks")
    if standing.gave_up:
        parts.append("solution seen")
    return f"{exercise.title} · " + " · ".join(parts)


def contract(workspace: Workspace, exercise: Exercise, standing: Standing) -> Iterator[Line]:
    """``kata show``: what an exercise asks for."""
    yield Line("head", f"{exercise.section} {exercise.id}: {exercise.title}".strip())
    kind, words = _STATES[standing.state]
    yield Line(kind, f"{exercise.points:g} points, about {exercise.minutes} minutes", words)
    yield Line("quiet", workspace.shown(workspace.path(exercise)))
    if exercise.prerequisites:
        yield Line("quiet", "Do first: " + ", ".join(exercise.prerequisites))
    lesson = workspace.root / "lessons" / f"{exercise.chapter}.md"
    if lesson.is_file():
        yield Line("quiet", f"Lesson: {workspace.shown(lesson)}, section {exercise.section}")
    yield Line("message", "")
    try:
        source = workspace.stub(exercise).decode("utf-8", "replace")
    except WorkspaceError as error:
        yield Line("bad", str(error), "missing")
        return
    for text in contract_text(source).splitlines():
        yield Line("message", text)


def contract_text(source: str) -> str:
    """Signatures and docstrings of a stub's public names."""
    parts = []
    rows = source.splitlines()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        head = rows[node.lineno - 1 : node.body[0].lineno - 1] or [rows[node.lineno - 1]]
        parts.append("\n".join(head).rstrip())
        doc = ast.get_docstring(node) or ""
        parts += ["\n".join(f"    {line}".rstrip() for line in doc.splitlines())] if doc else []
        for inner in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                signature = rows[inner.lineno - 1 : inner.body[0].lineno - 1]
                parts.append("\n".join(signature).rstrip())
                text = ast.get_docstring(inner)
                if text:
                    parts.append("\n".join(f"        {r}".rstrip() for r in text.splitlines()))
        parts.append("")
    return "\n".join(parts).strip()


def export(workspace: Workspace, standings: dict[str, Standing]) -> dict[str, Any]:
    """``kata progress --export``: everything that is known, as data."""
    from dataclasses import asdict

    return {
        "schema": 1,
        "course": workspace.course.title,
        "exercises": {
            e.id: {
                "chapter": e.chapter,
                "title": e.title,
                "state": standings.get(e.id, Standing()).state,
                **asdict(standings.get(e.id, Standing())),
            }
            for e in workspace.course.exercises
        },
    }
