"""The small classes that the golden folder grades: every verdict at the least cost."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

from tests.golden.running import ROOT

TOY = ROOT / "tests" / "toy_course"
SPECIMENS = ROOT / "tests" / "specimens"
CHAPTERS = {
    "count_up": "ch02_iterators_generators",
    "running_mean": "ch02_iterators_generators",
    "stream_annotations": "ch02_iterators_generators",
    "retry": "ch03_decorators",
    "parallel_map": "ch04_concurrency",
    "pinned_loader": "ch05_performance",
    "singleton": "ch06_design_patterns",
    "model_factory": "ch06_design_patterns",
    "inference_server": "ch07_ai_engineering",
}

GOOD = "def double(x):\n    return 2 * x\n"
BAD = "def double(x):\n    return 3 * x\n"
STACK = "class Stack(list):\n    push = list.append\n"

SYNTAX = "def answer(x)\n    return x\n"
RAISES = "import module_of_nobody\n"

FAULTY = '''from autograder.checks import check, expect


@check(points=2)
def test_of_ours(student):
    """A check whose own code is wrong."""
    raise RuntimeError("a fault of ours")
'''


def specimen(exercise: str, name: str) -> str:
    """The text of a right or wrong answer that comes with the course."""
    path = SPECIMENS / CHAPTERS[exercise] / exercise / f"{name}.py"
    return path.read_text(encoding="utf-8")


def stub(exercise: str) -> str:
    """What a student starts from."""
    path = ROOT / "exercises" / CHAPTERS[exercise] / f"{exercise}.py"
    return path.read_text(encoding="utf-8")


def write(folder: Path, files: dict[str, str]) -> None:
    """``files`` by name, in a folder that is made."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def course_class(folder: Path) -> None:
    """Answers to the real course: in order, under odd names, broken, untouched, refused."""
    write(
        folder / "ann",
        {
            "count_up.py": specimen("count_up", "right_wraps_range"),
            "singleton.py": specimen("singleton", "right_future"),
        },
    )
    write(
        folder / "bob" / "my homework",
        {
            "Count_Up (1).py": specimen("count_up", "wrong_restarts"),
            "singleton.py": specimen("singleton", "wrong_copies"),
            "notes.txt": "to do: running_mean\n",
        },
    )
    write(
        folder / "cem",
        {"count_up.py": SYNTAX, "running_mean.py": RAISES, "singleton.py": stub("singleton")},
    )
    write(
        folder / "dan",
        {
            "count_up.py": "class CountUp:\n    pass\n",
            "running_mean.py": specimen("running_mean", "wrong_int_for_int"),
            "singleton.py": "import ctypes\n" + specimen("singleton", "wrong_new_only"),
        },
    )
    with zipfile.ZipFile(folder / "eve.zip", "w") as archive:
        archive.writestr("../ann/count_up.py", "class CountUp: ...\n")
    (folder / "fay").mkdir()
    (folder / "fay" / "count_up.py").symlink_to("/etc/passwd")


def toy_class(folder: Path) -> None:
    """Answers to the toy course: verdicts that cost a worker or a wait."""
    write(folder / "ann", {"double.py": GOOD, "stack.py": STACK})
    write(folder / "bob", {"double.py": BAD, "stack.py": "import os\nos._exit(0)\n"})
    write(
        folder / "cem",
        {
            "double.py": "def double(x):\n    return bytes(1 << 34) and x\n",
            "stack.py": "import ctypes\nctypes.string_at(0)\n",
        },
    )
    write(folder / "dan", {"double.py": "import time\n\ndef double(x):\n    time.sleep(900)\n"})
    write(folder / "eve", {"double.py": "def double(x):\n    return x.twice()\n"})


def faulty_graders(folder: Path) -> None:
    """Private graders with a check that faults, whatever it is given."""
    write(folder, {"basics/test_stack_more.py": FAULTY})


def doubtful_course(folder: Path) -> None:
    """The toy course with specimens that an audit has to complain of."""
    shutil.copytree(TOY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    write(
        folder / "tests" / "specimens" / "basics" / "double",
        {
            "right_thrice.py": f"# right: in fact it is not\n{BAD}",
            "wrong_twice.py": f"# wrong: in fact it is right  [test_any]\n{GOOD}",
        },
    )


def answered(released: Path, answers: dict[str, str]) -> str:
    """A released notebook with answers in the cells of these exercises."""
    book = json.loads(released.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        exercise = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if exercise in answers:
            cell["source"] = answers[exercise]
    return json.dumps(book)


ROSTER = """Student,ID,SIS Login ID,Section
"Arslan, Ann",1,ann,A
"Berg, Bob",2,bob,A
"Cem, Can",3,cem,B
"Diaz, Dan",4,dan,B
"Ekin, Eve",5,eve,B
"Fox, Fay",6,fay,A
"Gul, Gus",7,gus,A
"""
