"""The four roads whose results must not change unnoticed, at the least cost: the tests run them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.golden import classes, normalising
from tests.golden.classes import CHAPTERS, specimen, stub, write
from tests.golden.running import Road

TOY = "{root}/tests/toy_course"

# -- autograde grade --------------------------------------------------------------------------


def grade(road: Road) -> None:
    """``autograde grade``: the screen, the results, the tables and the feedback pages."""
    classes.course_class(road.work / "class")
    (road.work / "roster.csv").write_text(classes.ROSTER, encoding="utf-8")
    command = (
        "autograde grade class --only count_up,running_mean,singleton --seed 1 --jobs 2 "
        "--roster roster.csv --out course"
    )
    road.run("course/screen", command)
    # The second time everything comes from the store, and the screen has colours.
    road.run("course/screen-again", command, FORCE_COLOR="1")
    results(road, "course")
    classes.toy_class(road.work / "toys")
    classes.faulty_graders(road.work / "private")
    toys = f"autograde grade toys --course {TOY} --seed 1 --jobs 2"
    road.run("toy/screen", f"{toys} --graders private --out toy")
    results(road, "toy")
    write(road.work / "open", {"ann/double.py": classes.GOOD})
    open_class = toys.replace("toys", "open") + " --unsafe-no-sandbox"
    road.run("no-sandbox/screen", f"{open_class} --only double --out no-sandbox")
    results(road, "no-sandbox")


def results(road: Road, name: str) -> None:
    """Save what ``autograde grade --out NAME`` leaves."""
    out = road.work / name
    road.keep(out.glob("*.jsonl"), normalising.jsonl)
    road.keep(out.glob("*.csv"))
    road.keep(out.glob("feedback/*.html"))
    road.names(f"{name}/files", out)


# -- autograde audit --------------------------------------------------------------------------


def audit(road: Road) -> None:
    """``autograde audit``: what became of each specimen, and how an audit complains."""
    quick = "autograde audit model_factory --quick --seed 1"
    road.run("quick", quick, normalise=normalising.audit)
    classes.doubtful_course(road.work / "doubtful")
    doubtful = "autograde audit double stack --course doubtful --seed 1"
    road.run("doubtful", f"{doubtful} --verbose", normalise=normalising.audit)


# -- kata check -------------------------------------------------------------------------------


def kata(road: Road) -> None:
    """``kata check``, for editors and on the screen, and the screens beside it."""
    road.run("init", "kata init ws")
    road.names("files", road.work / "ws")
    answers = {
        "count_up": specimen("count_up", "wrong_restarts"),
        "model_factory": stub("model_factory"),
        "running_mean": classes.SYNTAX,
        "singleton": specimen("singleton", "right_future"),
    }
    hand_in(road, answers)
    road.run("json", f"kata check {' '.join(answers)} --json", "ws")
    road.run("colours", "kata check count_up model_factory running_mean", "ws", FORCE_COLOR="1")
    road.run("plain", "kata check running_mean singleton --plain", "ws")
    screens(road)


def hand_in(road: Road, answers: dict[str, str]) -> None:
    """Save answers, by exercise, in the workspace ``ws``."""
    files = {f"{CHAPTERS[exercise]}/{exercise}.py": text for exercise, text in answers.items()}
    write(road.work / "ws" / "exercises", files)


def screens(road: Road) -> None:
    """Save the other screens of ``kata`` in the workspace ``ws``."""
    commands = ("list", "next", "progress", "show singleton", "hint count_up", "solution singleton")
    for command in commands:
        road.run(f"screens/{command.replace(' ', '-')}", f"kata {command}", "ws")


# -- nbgrader ---------------------------------------------------------------------------------


def nbgrader(road: Road) -> None:
    """Release, grade into the gradebook, feedback: ``make notebooks`` without its export."""
    course = f"--course {TOY}"
    road.run("release", f"autograde release bundle --root nbgrader {course}")
    book = classes.answered(
        road.work / "nbgrader" / "release" / "basics" / "basics.ipynb",
        {"double": classes.BAD, "stack": classes.STACK},
    )
    write(road.work / "class", {"ann/double.py": classes.GOOD, "bob/basics.ipynb": book})
    grade_class = f"autograde grade class --out out --seed 1 --jobs 2 --gradebook nbgrader {course}"
    road.run("grade", grade_class)
    road.run("feedback", "nbgrader generate_feedback basics --log-level=WARN", "nbgrader")
    course_folder(road)


def course_folder(road: Road) -> None:
    """Save what lies in the bundle and in nbgrader's course folder."""
    bundle, root = road.work / "bundle", road.work / "nbgrader"
    for folder in (bundle, root, road.work / "out"):
        road.names(f"files-{folder.name}", folder)
    texts = (p for p in bundle.rglob("*") if p.is_file() and p.suffix != ".whl")
    road.keep(p for p in texts if ".kata" not in p.parts)  # the wheel has tests of its own
    road.keep(root.glob("*.csv"))
    road.keep(root.glob("*.py"))
    for step in ("source", "release", "submitted", "autograded"):
        road.keep(root.glob(f"{step}/**/*.ipynb"))
    road.keep(root.glob("feedback/**/*.html"), normalising.page)
    road.save("gradebook.json", gradebook(root / "gradebook.db"))


CELLS = """
    SELECT submitted_assignment.student_id AS student, assignment.name AS assignment,
           base_cell.name AS cell, {columns}
    FROM {table}
    JOIN base_cell ON base_cell.id = {table}.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = {table}.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    JOIN assignment ON assignment.id = submitted_assignment.assignment_id
    ORDER BY student, assignment, cell
"""
COLUMNS = {
    "grade": "auto_score, manual_score, extra_credit, needs_manual_grade, late_submission_penalty",
    "comment": "auto_comment, manual_comment",
}


def gradebook(path: Path) -> str:
    """Marks and comments per student and cell, a line each, as nbgrader's database has them."""
    lines = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        for table, columns in COLUMNS.items():
            for row in connection.execute(CELLS.format(table=table, columns=columns)):
                lines.append(json.dumps({"table": table, **dict(row)}) + "\n")
    connection.close()
    return "".join(lines)


SMALL: dict[str, Callable[[Road], None]] = {
    "grade": grade,
    "audit": audit,
    "kata": kata,
    "nbgrader": nbgrader,
}
