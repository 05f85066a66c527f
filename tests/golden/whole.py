"""The four roads over the whole sample class and the seven exercises that it answers."""

from __future__ import annotations

from collections.abc import Callable

from tests.golden import classes, normalising, roads
from tests.golden.classes import CHAPTERS, SPECIMENS, specimen, stub
from tests.golden.running import Road

SEVEN = (
    "count_up",
    "stream_annotations",
    "retry",
    "parallel_map",
    "pinned_loader",
    "singleton",
    "inference_server",
)
CHAPTER = "ch06_design_patterns"


def grade(road: Road) -> None:
    """All exercises of the course for the sample class."""
    command = "autograde grade {root}/course/samples --seed 1 --out samples"
    road.run("samples/screen", command)
    road.run("samples/screen-again", command, FORCE_COLOR="1")
    roads.results(road, "samples")


def audit(road: Road) -> None:
    """All specimens of the seven, the wrong ones against their own check."""
    for exercise in SEVEN:
        command = f"autograde audit {exercise} --quick --seed 1 --jobs 2"
        road.run(exercise, command, normalise=normalising.audit)


def kata(road: Road) -> None:
    """Stubs, text that is no Python, and a wrong and a right answer to each of the seven."""
    road.run("init", "kata init ws")
    road.names("files", road.work / "ws")
    kinds = {
        "stub": {exercise: stub(exercise) for exercise in SEVEN},
        "syntax": dict.fromkeys(SEVEN, classes.SYNTAX),
        "wrong": {exercise: _first(exercise, "wrong") for exercise in SEVEN},
        "right": {exercise: _first(exercise, "right") for exercise in SEVEN},
    }
    for kind, answers in kinds.items():
        roads.hand_in(road, answers)
        road.run(f"{kind}/json", f"kata check {' '.join(SEVEN)} --json", "ws")
        road.run(f"{kind}/screen", f"kata check {' '.join(SEVEN)}", "ws", FORCE_COLOR="1")
    roads.screens(road)


def _first(exercise: str, kind: str) -> str:
    folder = SPECIMENS / CHAPTERS[exercise] / exercise
    return specimen(exercise, min(path.stem for path in folder.glob(f"{kind}_*.py")))


def nbgrader(road: Road) -> None:
    """A chapter of the sample class, graded from the folder and again by nbgrader itself."""
    road.run("release", f"autograde release bundle --root nbgrader --chapter {CHAPTER}")
    samples = f"autograde grade {{root}}/course/samples --only {CHAPTER} --seed 1 --out out"
    road.run("grade", f"{samples} --gradebook nbgrader")
    road.run("autograde", f"nbgrader autograde {CHAPTER} --force --log-level=WARN", "nbgrader")
    road.run("feedback", f"nbgrader generate_feedback {CHAPTER} --log-level=WARN", "nbgrader")
    road.run("export", "nbgrader export --log-level=WARN", "nbgrader")
    roads.course_folder(road)


def help(road: Road) -> None:
    """What each command says of itself."""
    commands = {
        "autograde": (
            "",
            "grade",
            "build",
            "release",
            "audit",
            "mutate",
            "coverage",
            "doctor",
            "stubs",
        ),
        "kata": (
            "",
            "init",
            "list",
            "next",
            "show",
            "open",
            "check",
            "watch",
            "hint",
            "solution",
            "reset",
            "progress",
            "submit",
            "doctor",
        ),
    }
    for program, names in commands.items():
        for name in names:
            road.run(f"{program}-{name or 'all'}", f"{program} {name} --help")


WHOLE: dict[str, Callable[[Road], None]] = {
    "grade": grade,
    "audit": audit,
    "kata": kata,
    "nbgrader": nbgrader,
    "help": help,
}
