"""Files beside an answer, from its job to the worker, and what they are no way around."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import extras, outline, packages, stubs
from autograder.grading import store
from autograder.grading.judge_process import Grader
from autograder.judging.hiding import Hiding
from autograder.judging.outcomes import raised
from autograder.judging.rooms import profile_for
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Verdict, Walls
from autograder.outline import Course

ANSWER = b"""
import json, pathlib, sys
assert "jinja2" in sys.modules and pathlib.Path(__file__).parent == pathlib.Path.cwd()
from helper import twice
import mypkg.tools

def double(x):
    own = pathlib.Path(__file__).with_name("table.csv").read_text()
    assert open("table.csv").read() == own == "2\\n", own
    assert open("data/course.csv").read() == "the course's"
    assert mypkg.tools.two == int(own) and json.loads("2") == 2
    return twice(x)
"""
ASKS = 'files = ["data/course.csv"]\nneeds = ["jinja2"]'
FILES: extras.Files = (
    ("helper.py", b"def twice(x):\n    return 2 * x\n"),
    ("mypkg/__init__.py", b""),
    ("mypkg/tools.py", b"two = 2\n"),
    ("table.csv", b"2\n"),
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, toy: Course) -> Course:
    """The toy course, whose first exercise brings a file and needs a package."""
    root = tmp_path_factory.mktemp("files") / "course"
    shutil.copytree(toy.root, root)
    (root / "data").mkdir()
    (root / "data" / "course.csv").write_text("the course's")
    text = (root / "outline.toml").read_text()
    line = 'id = "double"\n'
    (root / "outline.toml").write_text(text.replace(line, f"{line}{ASKS}\n"))
    return outline.load(root)


@pytest.fixture(scope="module")
def grader(course: Course, walls: None) -> Iterator[Grader]:
    with Grader(course, JudgeSettings(course.root, ("double",), slot=48)) as grader:
        yield grader


def grade(grader: Grader, source: bytes, files: extras.Files) -> Result:
    return grader.grade(Job("ann", "double", source, "s", files=files))


def test_an_answer_with_modules_and_data_beside_it(grader: Grader) -> None:
    more = (*FILES, ("data/course.csv", b"a copy that was changed"))
    result = grade(grader, ANSWER, more)
    assert (result.verdict, result.points) == (Verdict.PASSED, 4), result


def test_an_error_in_a_helper_is_shown_where_it_is(grader: Grader) -> None:
    helper = b"def twice(x):\n    return x / 0\n"
    public, hidden = grade(grader, ANSWER, (("helper.py", helper), *FILES[1:])).checks
    assert public.verdict is Verdict.RAISED
    assert "helper.py, line 2 in twice: return x / 0" in public.message
    assert "helper.py, line 2 in twice: return x / 0" in hidden.message
    broken = (("helper.py", b"x = 1\ndef twice(x)\n"), *FILES[1:])
    assert "helper.py, line 2: def twice(x)" in grade(grader, ANSWER, broken).checks[0].message


def test_a_helper_that_is_not_there_is_named(grader: Grader) -> None:
    message = grade(grader, ANSWER, FILES[1:]).checks[0].message
    assert "`helper` is not installed here, and no helper.py came with your double.py" in message


MEDDLING = b"""
import os, sys, time
time.sleep = print
sys._getframe(1)
for name in ("conftest", "sitecustomize", "usercustomize", "tasks"):
    assert name not in sys.modules, name
assert os.listdir("/tmp/submission")
"""


def test_names_that_others_look_for_change_nothing(grader: Grader) -> None:
    """Wrong in every file that anything might load by itself; right where the answer is."""
    trap = b"raise SystemExit('loaded')\n"
    names = [
        "conftest.py",
        "tasks.py",
        "double/__init__.py",
        "random.py",
        "typing.py",
        "os.py",
        "msgpack.py",
        "autograder/__init__.py",
        "autograder/sandbox/inside/serve.py",
        "sitecustomize.py",
        "usercustomize.py",
        "x.pth",
        "fast.so",
        "__init__.py",
        "__main__.py",
        "kata_tasks.py",
        "../worker.py",
        "/tmp/work/x.py",
    ]
    files = (("helper.py", MEDDLING), *((name, trap) for name in names))
    result = grade(grader, b"import helper, random\ndef double(x):\n    return 2 * x\n", files)
    assert (result.verdict, result.points) == (Verdict.PASSED, 4), result
    assert "helper.py, line 4: names _getframe" in result.review
    assert "helper.py, line 3: replaces time.sleep" in result.review


# -- without a judge ------------------------------------------------------------------------------


def test_the_key_of_an_answer_without_files_stays_what_it_was() -> None:
    keys = [
        store.key(b"x", "g", None, Walls.NAMESPACES),
        store.key(b"x", "g", None, Walls.NAMESPACES, FILES),
        store.key(b"x", "g", None, Walls.NAMESPACES, FILES[1:]),
    ]
    assert (
        keys[0] == "fad61a20c28172f94b0bdb97a480b722e3dd09921316b227935a27a0789e57b3"
        and len(set(keys)) == 3
    )


def test_files_give_way_to_those_of_the_checks_and_of_the_course() -> None:
    names = ["kit.py", "kit/__init__.py", "kit.csv", "a.csv", "b.py"]
    files = tuple((name, b"") for name in names)
    left = [name for name, _ in extras.without(files, ["kit.py", "a.csv"])]
    assert left == ["kit.csv", "b.py"]
    assert extras.merged((("a.csv", b"1"), ("os.py", b"")), (("a.csv", b"2"),)) == (
        ("a.csv", b"2"),
    )


def test_forged_frames_quote_no_data(course: Course) -> None:
    frames = [[1, "<module>", "table.csv"], [1, "<module>", "../x"], [1, "<module>", 7]]
    error = {"type": "ValueError", "message": "", "frames": frames}
    assert "secret" not in raised(error, "double", "", [("table.csv", b"secret")]).public_message


def test_what_may_be_shown_and_what_is_loaded_ahead_follow_the_helpers(course: Course) -> None:
    exercise = course.exercise("double")
    job = Job(
        "ann", "double", b"import helper", "s", files=(("helper.py", b"import torch\nwords = 1"),)
    )
    assert profile_for(exercise, job.texts) == "torch+jinja2"
    assert Hiding(course.grader_files(exercise), job.texts).known("words")
    assert Job("ann", "double", b"import helper", "s").texts == b"import helper"


# -- what a course asks for -----------------------------------------------------------------------


def changed(course: Course, folder: Path, line: str) -> Course:
    root = folder / "course"
    shutil.copytree(course.root, root)
    path = root / "outline.toml"
    path.write_text(path.read_text().replace(ASKS, line))
    return outline.load(root)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('files = ["data/none.csv"]', "is not there: put it at"),
        ('files = ["../x.csv"]', "leads out of its folder"),
        ('files = ["/etc/passwd"]', "leads out of its folder"),
        (
            'files = ["solutions/basics/double.py"]',
            "is in a folder that belongs to the course itself",
        ),
        ('files = ["stack.py"]', "has the name of an exercise"),
        ('files = "data/course.csv"', "files must be a list of strings"),
        ('needs = ["scikit-learn"]', "not a package name"),
    ],
)
def test_an_outline_says_what_is_wrong(
    course: Course, tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(outline.OutlineError, match=words):
        changed(course, tmp_path, line)


def test_a_file_that_is_too_large_or_leads_elsewhere(course: Course, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    shutil.copytree(course.root, tmp_path / "other")
    data = tmp_path / "other" / "data" / "course.csv"
    data.write_bytes(b"1" * (extras.FILE_CAP + 1))
    with pytest.raises(outline.OutlineError, match="is too much"):
        outline.load(tmp_path / "other")
    data.unlink()
    data.symlink_to(tmp_path / "secret")
    with pytest.raises(outline.OutlineError, match="leads out of"):
        outline.load(tmp_path / "other")


def test_any_installed_package_can_be_needed(course: Course, tmp_path: Path) -> None:
    other = changed(course, tmp_path, 'needs = ["numpy", "jinja2", "psutil"]')
    exercise = other.exercise("double")
    assert profile_for(exercise, b"") == "numpy+jinja2+psutil"
    assert profile_for(exercise, b"import torch") == "torch+jinja2+psutil"
    assert packages.missing([exercise]) == ""


def test_a_package_that_is_not_there_is_named_with_its_fix(course: Course, tmp_path: Path) -> None:
    other = changed(course, tmp_path, 'needs = ["no_such_package"]')
    words = packages.missing(other.exercises)
    assert "exercise 'double' needs 'no_such_package'" in words and "pip install" in words


def test_stubs_have_the_courses_files_beside_them(course: Course, tmp_path: Path) -> None:
    other = changed(course, tmp_path, 'files = ["data/course.csv"]')
    beside = other.stub(other.exercise("double")).parent / "data" / "course.csv"
    assert beside in stubs.write(other, check_only=True)
    stubs.write(other)
    assert beside.read_text() == "the course's"
    assert stubs.write(other, check_only=True) == []
