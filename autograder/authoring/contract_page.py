"""``docs/clauses.md``: of every clause the checks, the specimens and the mutants."""

from __future__ import annotations

from collections.abc import Iterator

from autograder import clauses
from autograder.authoring.mutation import running
from autograder.clauses import Clause, Table
from autograder.outline import Course, Exercise


def page(course: Course) -> str:
    """The text of ``docs/clauses.md``."""
    lines = [
        "# Clauses",
        "",
        "What each contract asks for, clause by clause: the checks that judge a clause, the wrong "
        "specimens that break it, and the mutants that those checks were the first to catch. "
        "Written by `autograde coverage` from `<id>.toml` beside each grader; `autograde audit` "
        "fails where a clause has no check or no specimen that breaks it alone. A clause in bold "
        "is what the exercise is about: an answer that breaks it earns less than half.",
    ]
    known = running.recorded(course)
    for exercise in course.exercises:
        table = clauses.load(course, exercise)
        if table is not None:
            lines += ["", *_section(exercise, table, known.get(exercise.id))]
    return "\n".join(lines) + "\n"


def _section(exercise: Exercise, table: Table, score: running.Score | None) -> Iterator[str]:
    yield f"## `{exercise.id}`"
    yield ""
    yield "| clause | the contract says | checks | specimens | mutants |"
    yield "|---|---|---|---|---:|"
    for clause in table.clauses:
        yield _row(clause, clause.id in table.point, score)


def _row(clause: Clause, point: bool, score: running.Score | None) -> str:
    caught = "" if score is None else sum(score.caught_by.get(c, 0) for c in clause.checks) or ""
    says = " ".join(clause.says.split()).replace("``", "`").replace("|", "\\|")
    cells = (
        f"**{clause.id}**" if point else clause.id,
        says,
        ", ".join(f"`{name}`" for name in clause.checks),
        ", ".join(f"`{name}`" for name in clause.broken_by),
        str(caught),
    )
    return f"| {' | '.join(cells)} |"
