"""What a course covers, as one page: sections, lesson headings, exercises, checks, specimens
and what became of mutants. Everything on it is read from the course's files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.authoring import completeness
from autograder.authoring.check_list import checks
from autograder.authoring.mutation import reasons, running
from autograder.model import KINDS
from autograder.outline import Chapter, Course, Exercise
from autograder.text.numbers import points

_LINE = re.compile(r"^(#{2,3}) +(.+?)\s*$|^```\{(exercise)\} +(\w+)|^```", re.MULTILINE)
STALE = " \\*"
"""Mark of figures that were measured before the last change."""
_NUMBERED = re.compile(r"(\d+(?:\.\d+)+)\s+(.*)")


@dataclass(slots=True)
class Section:
    """A numbered part of a lesson: its headings, and (exercise, heading) for what it places."""

    number: str
    title: str
    headings: list[str] = field(default_factory=list)
    exercises: list[tuple[str, str]] = field(default_factory=list)


def sections(text: str) -> list[Section]:
    """The numbered sections of a lesson's text."""
    rows: list[Section] = []
    heading, fenced = "", False
    for match in _LINE.finditer(text):
        if match[0].startswith("```"):
            if match[3] and not fenced and rows:
                rows[-1].exercises.append((match[4], heading))
            fenced = not fenced
        elif not fenced and match[1] == "##":
            heading = match[2]
            numbered = _NUMBERED.match(heading)
            if numbered:
                rows.append(Section(numbered[1], numbered[2]))
        elif not fenced and rows:
            heading = match[2]
            rows[-1].headings.append(heading)
    return rows


def page(course: Course) -> str:
    """The text of ``docs/coverage.md``."""
    lines = [
        "# What the course covers",
        "",
        "Written by `autograde coverage` from the course's own files; CI compares. The figures on "
        "mutants come from `autograde mutate --record`.",
        "",
        "## Sections and exercises",
        "",
    ]
    for chapter in course.chapters:
        lines += [*_sections_table(course, chapter), ""]
    lines += ["## Exercises, checks, specimens", "", *_exercises_table(course), ""]
    lines += [*_mutants(course)]
    return "\n".join(lines).rstrip() + "\n"


def _sections_table(course: Course, chapter: Chapter) -> Iterator[str]:
    lesson = course.lesson(chapter.id)
    yield f"### {chapter.title}"
    yield ""
    if not lesson.is_file():
        yield "No lesson yet."
        return
    where = lesson.relative_to(course.root).as_posix()
    yield f"[`{where}`](../{where})"
    yield ""
    yield "| section | lesson headings | exercises |"
    yield "|---|---|---|"
    for section in sections(lesson.read_text(encoding="utf-8")):
        own = f"{section.number} {section.title}"
        placed = [
            f"`{id}`" + (f" (after “{h}”)" if h != own else "") for id, h in section.exercises
        ]
        headings = " · ".join(section.headings) or section.title
        yield f"| {own} | {headings} | {', '.join(placed) or '—'} |"


def _exercises_table(course: Course) -> Iterator[str]:
    yield (
        "Checks by what they look at; *public* ones are among them. *GPU* checks are deferred "
        "where there is no GPU. A specimen is an answer whose mark is known, beside stub and "
        "reference."
    )
    yield ""
    yield "| exercise | section | points | " + " | ".join(KINDS) + " | public | right | wrong |"
    yield "|---|---|" + "---:|" * (len(KINDS) + 4)
    total: Counter[str] = Counter()
    for exercise in course.exercises:
        rows = checks(course.check_files(exercise))
        names = [path.stem for path in course.specimens(exercise).glob("*.py")]
        right = sum(name.startswith("right_") for name in names)
        wrong = sum(name.startswith("wrong_") for name in names)
        numbers = {
            **{kind: rows.kinds[kind] for kind in KINDS},
            "public": rows.public,
            "right": right,
            "wrong": wrong,
        }
        total.update(numbers)
        cells = " | ".join(str(n or "") for n in numbers.values())
        yield f"| `{exercise.id}` | {exercise.section} | {points(exercise.points)} | {cells} |"
    total_points = sum(e.points for e in course.exercises)
    cells = " | ".join(str(total[name]) for name in (*KINDS, "public", "right", "wrong"))
    yield f"| {len(course.exercises)} | | {points(total_points)} | {cells} |"


def _mutants(course: Course) -> Iterator[str]:
    known = running.recorded(course)
    yield from (
        "## Mutants",
        "",
        "A mutant is the reference solution with one small mistake: a comparison turned, a "
        "constant changed, a statement, a lock, a keyword left out. "
        "*Equivalent* ones still keep the whole contract, so no check may catch them; "
        f"of the others a grader should catch {running.AIM:.0%}.",
        "",
        "| exercise | mutants | equivalent | caught | alive | share |",
        "|---|---:|---:|---:|---:|---:|",
    )
    old = False
    for exercise in course.exercises:
        score = known.get(exercise.id)
        if score is None:
            yield f"| `{exercise.id}` | not measured | | | | |"
            continue
        fresh = score.digest == running.digest(course, exercise)
        old = old or not fresh
        numbers = (score.mutants, score.equivalent, score.caught, len(score.survivors))
        yield (
            f"| `{exercise.id}`{'' if fresh else STALE} | "
            + " | ".join(map(str, numbers))
            + f" | {100 * score.share:.0f} % |"
        )
    scores = [known[e.id] for e in course.exercises if e.id in known]
    if scores:
        different = sum(s.mutants - s.equivalent for s in scores)
        caught = sum(s.caught for s in scores)
        numbers = (
            sum(s.mutants for s in scores),
            sum(s.equivalent for s in scores),
            caught,
            sum(len(s.survivors) for s in scores),
        )
        share = f"{100 * caught / different:.1f} %" if different else ""
        yield f"| {len(scores)} | " + " | ".join(map(str, numbers)) + f" | {share} |"
    if old:
        yield from ("", "\\* Measured before the last change of its grader or reference.")
    yield from _listed(course, known)


def _listed(course: Course, known: dict[str, running.Score]) -> Iterator[str]:
    yield from ("", "### Those that live, and why", "")
    living = [(e, m) for e in course.exercises if e.id in known for m in known[e.id].survivors]
    for exercise, name in living:
        why = reasons.read(course, exercise).accepted.get(name, "no reason on record")
        yield f"* `{exercise.id}` {_code(name)}: {why}"
    if not living:
        yield "None."
    yield from ("", "### Equivalent ones, and why", "")
    for exercise in course.exercises:
        equivalent = reasons.read(course, exercise).equivalent
        if not equivalent:
            continue
        yield from (
            f"<details><summary><code>{exercise.id}</code>: {len(equivalent)}</summary>",
            "",
        )
        by_reason: dict[str, list[str]] = {}
        for name, why in equivalent.items():
            by_reason.setdefault(why, []).append(_code(name))
        for why, names in by_reason.items():
            yield f"* {why}"
            yield from (f"    * {name}" for name in names)
        yield from ("", "</details>", "")


def _code(name: str) -> str:
    """A mutant's name for a Markdown list: where it is as code, what changes is already."""
    where, _, change = name.partition(": ")
    return f"`{where}`: {change}"


def gaps(course: Course) -> list[str]:
    """What a course that calls itself whole still lacks, in words."""
    rows = []
    for chapter in course.chapters:
        lesson = course.lesson(chapter.id)
        if not lesson.is_file():
            rows.append(f"{chapter.id} has no lesson")
            continue
        for section in sections(lesson.read_text(encoding="utf-8")):
            if not section.exercises:
                rows.append(f"section {section.number} has no exercise")
    rows += completeness.unplaced(course)
    known = running.recorded(course)
    for exercise in course.exercises:
        if not course.check_files(exercise):
            rows.append(f"{exercise.id} has no grader")
        rows += _mutant_gaps(course, exercise, known.get(exercise.id))
    return rows


def _mutant_gaps(course: Course, exercise: Exercise, score: running.Score | None) -> list[str]:
    if score is None:
        return [f"no mutation run of {exercise.id} is on record"]
    accepted = reasons.read(course, exercise).accepted
    rows = [
        f"{exercise.id}: lives without a reason: {name}"
        for name in score.survivors
        if name not in accepted
    ]
    if score.share < running.AIM:
        rows.append(f"{exercise.id}: {score.share:.0%} of its mutants are caught")
    return rows
