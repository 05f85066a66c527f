"""An autograder for Gradescope, run in a folder laid out as its harness does it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder import outline
from autograder.authoring import gradescope_zip
from autograder.outline import Course
from autograder.report.gradescope import NOT_YOURS
from tests.containers import in_container, lacking
from tests.gradescope_format import problems
from tests.in_process import autograde

DOUBLE = "def double(x):\n    return 2 * x\n"
QUEUE = """
class Stack(list):
    push = list.append

    def pop(self):
        return list.pop(self, 0)
"""
SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "gradescope-root.sh"
UNSAFE = ("--unsafe-no-sandbox",)
LOOKS_AROUND = """
import glob, os

def tried(path):
    try:
        return open(path).read() or "empty"
    except OSError as error:
        return type(error).__name__

def double(x):
    root = ROOT
    places = ["source/course/graders/basics/test_double.py", "submission_metadata.json",
              "source/course/solutions/basics/double.py", "run_autograder", "results/results.json"]
    try:
        open(root + "/results/results.json", "w")
        wrote = True
    except OSError:
        wrote = False
    read = [tried(os.path.join(root, place)) for place in places]
    closed = all(each in ("PermissionError", "FileNotFoundError") for each in read)
    raise RuntimeError(f"uid 0: {os.getuid() == 0}; closed: {closed}; wrote: {wrote}")
"""


@pytest.fixture(scope="module")
def data(toy: Course) -> bytes:
    return gradescope_zip.data(toy, toy.exercises)


class Harness:
    """A folder as the harness makes it: ``source`` is the zip, unpacked."""

    def __init__(self, root: Path, data: bytes) -> None:
        self.root = root
        for name in ("source", "submission", "results"):
            (root / name).mkdir(parents=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(root / "source")
        wheel = next((root / "source" / "wheels").iterdir())
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(root / "engine")
        facts = {"id": 7, "created_at": "2026-12-01", "users": [{"name": "Ann", "email": "a@b"}]}
        (root / "submission_metadata.json").write_text(json.dumps(facts))
        script = root / "run_autograder"
        script.write_bytes((root / "source" / "run_autograder").read_bytes())
        script.chmod(0o755)
        root.chmod(0o755)

    def run(self, *options: str, container: bool = False, python: str = sys.executable) -> Any:
        """What results.json holds then; the engine is the wheel's, and nothing of the checkout."""
        script = f"cd {self.root} && exec ./run_autograder {self.root} {' '.join(options)}"
        command = ["sh", "-c", script]
        env = {k: v for k, v in os.environ.items() if not k.startswith(("KATA", "PYTHON"))}
        env |= {"KATA_PYTHON": python, "PYTHONPATH": str(self.root / "engine"), "TMPDIR": "/tmp"}
        done = subprocess.run(
            in_container(command, network=True) if container else command,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        assert done.returncode == 0, self.said
        values = json.loads((self.root / "results" / "results.json").read_text())
        assert problems(values) == []
        assert "Traceback" not in json.dumps(values)
        return values

    def hand_in(self, **files: str | bytes) -> None:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (self.root / "submission" / name.replace("_py", ".py")).write_bytes(data)


@pytest.fixture
def harness(tmp_path: Path, data: bytes) -> Harness:
    # Other users have to reach nothing in it, and Python is elsewhere.
    return Harness(tmp_path / "autograder", data)


def test_right_wrong_broken_and_strange_files(harness: Harness) -> None:
    harness.hand_in(double_py=DOUBLE, stack_py=QUEUE, primes_py=b"\xff\xfe\x00", readme="hello")
    values = harness.run(*UNSAFE)
    assert values["score"] == 5.5, harness.said
    by_number = {test["number"]: test for test in values["tests"]}
    assert [by_number[n]["status"] for n in ("1.1", "1.2", "2.1", "2.2")] == [
        *("passed", "passed", "failed", "passed")
    ]
    assert "in another order" in by_number["2.1"]["output"]
    assert "status" not in by_number["2.3"]  # waits for a GPU
    assert "save it as UTF-8" in by_number["3"]["output"]
    assert "1.5 points are still to be graded" in values["output"]
    assert "readme: its name matches no exercise" in values["output"]
    assert "Submission 7 of Ann <a@b>, 2026-12-01" in harness.said
    assert values["extra_data"]["kata"]["exercises"][0]["points"] == 4.0


def test_the_hidden_checks_are_closed_to_a_submission(harness: Harness) -> None:
    """With the options of Gradescope itself, in a machine like a plain Docker container."""
    if lacking():
        pytest.skip(lacking())
    harness.hand_in(double_py=LOOKS_AROUND.replace("ROOT", repr(str(harness.root))))
    values = harness.run(container=True)
    words = "RuntimeError: uid 0: False; closed: True; wrote: False"
    assert words in values["tests"][0]["output"], harness.said
    for name in ("source", "results"):
        assert (harness.root / name).stat().st_mode & 0o077 == 0
    assert values["score"] == 0.0


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = autograde("gradescope", tmp_path / "typo")
    assert done.exit_code == 2 and "there is no folder" in done.output
    assert not (tmp_path / "typo").exists()


def test_nothing_handed_in(harness: Harness) -> None:
    values = harness.run(*UNSAFE)
    assert values["score"] == 0.0 and values["tests"] == []
    assert values["output"].endswith("You handed in no file.")
    harness.hand_in(notes="hello")
    assert "notes" in harness.run(*UNSAFE)["output"]


def test_a_broken_grader_costs_nothing_and_tells_nothing(harness: Harness) -> None:
    grader = harness.root / "source/course/graders/basics/test_double.py"
    grader.write_text(grader.read_text() + "\nraise RuntimeError('SECRET 4711')\n")
    harness.hand_in(double_py=DOUBLE)
    values = harness.run(*UNSAFE)
    text = json.dumps(values)
    assert "SECRET" not in text and "4 points are open: our fault" in values["output"]
    assert "SECRET" in harness.said  # for the instructor


@pytest.mark.parametrize("how", ["course", "python", "walls"])
def test_where_it_cannot_start_it_says_so(harness: Harness, how: str) -> None:
    harness.hand_in(double_py=DOUBLE)
    options: tuple[str, ...] = UNSAFE
    python = sys.executable
    if how == "course":
        (harness.root / "source/course/outline.toml").write_text("[[")
    elif how == "python":
        python = "/nonexistent/python"
    else:
        options = ("--walls", "moat")
    values = harness.run(*options, python=python)
    assert values == {
        "score": 0.0,
        "output": NOT_YOURS,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }
    assert {"course": "outline.toml", "python": "nonexistent", "walls": "moat"}[how] in harness.said


def test_grading_that_is_killed_is_said(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, toy: Course
) -> None:
    killed = subprocess.CompletedProcess[bytes]([], -9)
    monkeypatch.setattr("autograder.commands.gradescope.subprocess.run", lambda *a, **k: killed)
    done = autograde("gradescope", harness.root, "--course", toy.root, *UNSAFE)
    assert done.exit_code == 3 and "exit code -9" in done.output
    values = json.loads((harness.root / "results" / "results.json").read_text())
    assert values["output"] == NOT_YOURS


# -- the zip ----------------------------------------------------------------------------------


def test_two_builds_are_the_same(data: bytes, toy: Course) -> None:
    assert gradescope_zip.data(toy, toy.exercises) == data


def test_it_has_what_was_chosen_and_nothing_else(tmp_path: Path, toy: Course) -> None:
    out = tmp_path / "hw1.zip"
    private = tmp_path / "mine"
    private.mkdir()
    (private / "test_stack_more.py").write_text((toy.graders / "basics/test_stack.py").read_text())
    options = ("--gradescope", "--course", toy.root, "--only", "stack")
    done = autograde("release", out, *options, "--graders", private)
    assert done.exit_code == 0 and "1 exercise, 6 points" in done.output, done.output
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
        text = archive.read("README.md").decode()
        archive.extractall(tmp_path / "out")
    assert not [n for n in names if "double" in n or "primes" in n]
    assert "private/1/test_stack_more.py" in names
    assert "**6 autograder points**" in text and "| `stack` | 6 |" in text
    course = outline.load(tmp_path / "out" / "course")
    assert [e.id for e in course.exercises] == ["stack"]  # what it builds on is not there
    assert course.check_files(course.exercises[0])
    assert autograde("release", out, *options).exit_code == 0  # replaces its own


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("hw1", ("--gradescope",), "is not the name of a zip"),
        ("hw1.zip", ("--gradescope", "--github"), "exclude each other"),
        ("hw1.zip", ("--gradescope", "--only", "nothing"), "nothing"),
        ("folder", ("--only", "stack"), "--only needs --gradescope or --github"),
        ("folder", ("--graders", "x"), "--graders needs --gradescope or --github"),
        ("taken.zip", ("--gradescope",), "is not an autograder"),
    ],
)
def test_what_is_not_meant(
    out: str, options: tuple[str, ...], words: str, tmp_path: Path, toy: Course
) -> None:
    (tmp_path / "taken.zip").write_text("mine")
    done = autograde("release", tmp_path / out, "--course", toy.root, *options)
    assert done.exit_code == 2 and words in done.output, done.output
    assert (tmp_path / "taken.zip").read_text() == "mine"


def test_packages_are_pinned_as_they_are_here() -> None:
    from importlib import metadata

    course = outline.load()
    exercises = [e for e in course.exercises if "torch" in e.needs or "aiohttp" in e.needs]
    with zipfile.ZipFile(io.BytesIO(gradescope_zip.data(course, exercises))) as archive:
        requirements = archive.read("requirements.txt").decode().splitlines()
        constraints = archive.read("constraints.txt").decode().splitlines()
        memory = archive.read("README.md").decode()
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in requirements
    assert {"torch", "aiohttp"} <= set(requirements)
    assert f"numpy=={metadata.version('numpy')}" in constraints
    assert all("+" not in line for line in constraints)
    assert "3 GB" in memory


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_are_shell(name: str, harness: Harness) -> None:
    shell = "bash" if name == "setup.sh" else "sh"
    done = subprocess.run([shell, "-n", harness.root / "source" / name], check=False)
    assert done.returncode == 0


@pytest.mark.timeout(2400)
def test_setup_and_grading_in_a_bare_debian(data: bytes, tmp_path: Path) -> None:
    """Everything, `setup.sh` too; `make test-all` runs it where debootstrap is installed."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None or lacking():
        pytest.skip("needs root, debootstrap and Landlock")
    (tmp_path / "hw1.zip").write_bytes(data)
    (tmp_path / "ann").mkdir()
    # A package that nothing has imported ahead: the engine lies beside it.
    (tmp_path / "ann" / "double.py").write_text(f"import jinja2\n\n\n{DOUBLE}")
    places = (SCRIPT, tmp_path / "hw1.zip", tmp_path / "ann", tmp_path / "root")
    done = subprocess.run(["sh", *map(str, places)], capture_output=True, text=True, check=False)
    shutil.rmtree(tmp_path / "root", ignore_errors=True)
    if done.returncode == 4:
        pytest.skip(f"no Debian: {done.stderr.strip().splitlines()[-1:]}")
    assert done.returncode == 0, done.stderr[-3000:]
    values = json.loads(done.stdout)
    assert problems(values) == [] and values["score"] == 4.0
    assert "this container; a user for each worker" in done.stderr  # what doctor says


def test_it_is_made_without_what_notebooks_need(tmp_path: Path, toy: Course) -> None:
    """`pip install kata-course` has no nbformat and no nbgrader."""
    code = (
        "import sys\n"
        "for name in ('nbformat', 'nbgrader', 'jupytext', 'nbconvert'):\n"
        "    sys.modules[name] = None\n"
        "from autograder.commands.app import app\n"
        "app()(sys.argv[1:])\n"
    )
    for words in (["hw1.zip", "--gradescope"], ["grading", "--github"]):
        command = [sys.executable, "-c", code, "release", *words, "--course", str(toy.root)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
