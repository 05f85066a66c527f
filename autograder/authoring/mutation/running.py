"""Grade every mutant of a reference until the first check that it loses."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.mutation import reasons
from autograder.authoring.mutation.mutants import Mutant, mutants
from autograder.grading.fleet import Fleet
from autograder.grading.tasks import Task
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Verdict, Walls
from autograder.outline import Course, Exercise
from autograder.text.atomic import replacing

AIM = 0.95
"""Share of the non-equivalent mutants that a grader should catch."""

_ALIVE = (Verdict.PASSED, Verdict.DEFERRED)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant. ``caught_by`` names the check, "" when it lived."""

    mutant: Mutant
    caught_by: str
    message: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The mutants of one exercise.

    ``digest`` is of the reference and the grader that the figures were measured with.
    """

    exercise: str
    digest: str
    mutants: int
    equivalent: int
    survivors: tuple[str, ...]
    caught_by: Mapping[str, int] = field(default_factory=dict)
    """How many mutants each check was the first to catch."""

    @property
    def caught(self) -> int:
        return self.mutants - self.equivalent - len(self.survivors)

    @property
    def share(self) -> float:
        """Caught ones among those that are not equivalent; 1.0 where there are none."""
        different = self.mutants - self.equivalent
        return self.caught / different if different else 1.0


def digest(course: Course, exercise: Exercise) -> str:
    """Of what a score depends on: the reference and its grader."""
    whole = hashlib.sha256()
    for path in (course.solution(exercise), *course.grader_files(exercise)):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def run(
    course: Course,
    exercises: list[Exercise],
    *,
    jobs: int | None = None,
    walls: Walls = Walls.NAMESPACES,
    progress: Callable[[str, Fate], None] | None = None,
) -> dict[str, list[Fate]]:
    """The fate of every mutant of every exercise, in the order of the outline and the source.

    Mutants that are on record as equivalent are not run. ``jobs`` is how many run at once,
    :func:`~autograder.grading.fleet.default_judges` when None.
    """
    to_run: dict[str, tuple[Exercise, Mutant]] = {}
    for exercise in exercises:
        equivalent = reasons.read(course, exercise).equivalent
        for mutant in mutants(course.solution(exercise).read_text(encoding="utf-8")):
            if mutant.name not in equivalent:
                to_run[f"{exercise.id}/{len(to_run)}"] = (exercise, mutant)
    tasks = (
        Task(key, Job("mutant", e.id, m.source, secrets.token_hex(8), until_lost=True))
        for key, (e, m) in to_run.items()
    )
    fates: dict[str, Fate] = {}
    settings = JudgeSettings(course.root, tuple(e.id for e in exercises), walls)
    with Fleet(course, settings, jobs) as fleet:
        for graded in fleet.grade_all(tasks):
            exercise, mutant = to_run[graded.task.key]
            fate = fates[graded.task.key] = _fate(mutant, graded.result)
            if progress is not None and not graded.again:
                progress(exercise.id, fate)
    return {
        e.id: [fates[key] for key, (owner, _) in to_run.items() if owner.id == e.id]
        for e in exercises
    }


def _fate(mutant: Mutant, result: Result) -> Fate:
    lost = next((c for c in result.checks if c.verdict not in _ALIVE), None)
    if lost is None and result.verdict is Verdict.GRADER_FAULT:
        return Fate(mutant, "", fault=result.message)
    if lost is None:
        return Fate(mutant, "")
    fault = lost.message if lost.verdict is Verdict.GRADER_FAULT else ""
    return Fate(mutant, lost.name, lost.message, fault)


def score(course: Course, exercise: Exercise, fates: list[Fate]) -> Score:
    """Count the fates of one exercise."""
    text = course.solution(exercise).read_text(encoding="utf-8")
    alive = tuple(f.mutant.name for f in fates if not f.caught_by)
    total = len(mutants(text))
    caught_by = Counter(sorted(f.caught_by for f in fates if f.caught_by))
    return Score(exercise.id, digest(course, exercise), total, total - len(fates), alive, caught_by)


# -- on record -------------------------------------------------------------------------------


def results_path(course: Course) -> Path:
    """Where the scores of a course are kept."""
    return course.root / "tests" / "mutants" / "results.json"


def recorded(course: Course) -> dict[str, Score]:
    """The scores on record, by exercise."""
    path = results_path(course)
    if not path.is_file():
        return {}
    data: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        id: Score(
            id,
            v["digest"],
            v["mutants"],
            v["equivalent"],
            tuple(v["survivors"]),
            v.get("caught_by", {}),
        )
        for id, v in data.items()
    }


def record(course: Course, scores: list[Score]) -> None:
    """Put ``scores`` on record beside those of other exercises, in the outline's order."""
    known = recorded(course) | {s.exercise: s for s in scores}
    data = {
        e.id: {
            "digest": known[e.id].digest,
            "mutants": known[e.id].mutants,
            "equivalent": known[e.id].equivalent,
            "survivors": list(known[e.id].survivors),
            "caught_by": dict(known[e.id].caught_by),
        }
        for e in course.exercises
        if e.id in known
    }
    path = results_path(course)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
