"""The built wheel, installed in an environment of its own, used from another folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from autograder import packages

ROOT = Path(__file__).resolve().parents[1]
BUILT_FROM = ("autograder", "course", "exercises", "solutions")
SANDBOXED = ("numpy", "numpy.libs", "msgpack")
"""What a sandbox imports: a link would lead out of what it sees."""


def run(*command: object, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [str(c) for c in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**environment, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine's wheel, built from what is in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__", "*.sqlite")
    for name in BUILT_FROM:
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    run(*build, source, cwd=folder)
    shutil.rmtree(source)
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path, wheel: Path) -> Path:
    """A new environment with this wheel alone; its ``site-packages``."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    (site,) = folder.glob("lib/python3*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install"]
    run(*pip, "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)
    return site


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the scripts of an environment that holds the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    # What it depends on is taken from here, not fetched again. A path in a .pth file comes
    # last and its own .pth files are not read, so the checkout itself stays out of sight.
    dependencies = environment(folder, wheel) / "dependencies.pth"
    dependencies.write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin"


@pytest.fixture(scope="module")
def engine_only(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without what only the course needs, as after ``pip install kata-autograder``."""
    folder = tmp_path_factory.mktemp("engine") / "environment"
    site = environment(folder, wheel)
    for package in Path(sysconfig.get_paths()["purelib"]).iterdir():
        place = site / package.name
        if package.name.startswith((*packages.COURSE, "kata", "_kata")) or place.exists():
            continue
        if package.name in SANDBOXED:
            shutil.copytree(package, place)
        elif package.suffix != ".pth":
            place.symlink_to(package)
    return folder / "bin"


@pytest.mark.usefixtures("walls")
def test_it_grades_from_any_folder(installed: Path, tmp_path: Path) -> None:
    where = run(
        installed / "python", "-c", "import autograder; print(autograder.__file__)", cwd=tmp_path
    )
    assert str(installed.parent) in where.stdout
    version = run(installed / "autograde", "--version", cwd=tmp_path).stdout
    assert version.startswith("kata ")
    assert "up to date" in run(installed / "autograde", "stubs", "--check", cwd=tmp_path).stdout
    course = Path(where.stdout.strip()).parent / "_course"
    student = tmp_path / "class" / "ann"
    student.mkdir(parents=True)
    shutil.copy(course / "solutions/ch02_iterators_generators/count_up.py", student)
    shutil.copy(course / "exercises/ch03_decorators/retry.py", student)
    command = [installed / "autograde", "grade", "class", "--only", "count_up,retry"]
    done = run(*command, cwd=tmp_path)
    assert "Traceback" not in done.stderr
    results = [json.loads(x) for x in (tmp_path / "out/results.jsonl").read_text().splitlines()]
    verdicts = {r["exercise"]: (r["verdict"], r["points"]) for r in results}
    assert verdicts == {"count_up": ("passed", 10), "retry": ("not attempted", 0)}


def test_it_begins_a_course(installed: Path, tmp_path: Path) -> None:
    run(installed / "autograde", "new", "course", "own", cwd=tmp_path)
    added = [installed / "autograde", "new", "exercise", "second", "--chapter", "ch01_first_steps"]
    run(*added, "--course", "own", cwd=tmp_path)
    stubs = run(installed / "autograde", "stubs", "--check", "--course", "own", cwd=tmp_path)
    assert "2 stubs are up to date" in stubs.stdout


@pytest.mark.usefixtures("walls")
def test_a_submission_cannot_read_the_installed_graders(installed: Path, tmp_path: Path) -> None:
    """In site-packages they lie where the sandbox finds its libraries: they must be masked."""
    look = (
        "import os, sys\n"
        "class CountUp:\n"
        "    def __init__(self, limit):\n"
        "        found = []\n"
        "        for root in sys.path + [sys.prefix]:\n"
        "            for top, _, files in os.walk(root):\n"
        "                found += [os.path.join(top, f) for f in files if f == 'test_count_up.py'\n"
        "                          or f == 'count_up.py' and 'submission' not in top]\n"
        "        raise LookupError('found ' + (' '.join(found) or 'nothing'))\n"
    )
    (tmp_path / "count_up.py").write_text(look)
    run(installed / "autograde", "grade", "count_up.py", cwd=tmp_path)
    (line,) = (tmp_path / "out/results.jsonl").read_text().splitlines()
    assert "LookupError: found nothing" in json.loads(line)["checks"][0]["message"]


@pytest.mark.usefixtures("walls")
def test_the_engine_alone_grades_a_course_that_needs_no_torch(
    engine_only: Path, tmp_path: Path
) -> None:
    code = (
        f"from importlib.util import find_spec; assert not any(map(find_spec, {packages.COURSE}))"
    )
    run(engine_only / "python", "-c", code, cwd=tmp_path)
    shutil.copytree(ROOT / "tests" / "toy_course", tmp_path / "toy")
    shutil.copytree(tmp_path / "toy" / "solutions" / "basics", tmp_path / "class" / "ann")
    run(engine_only / "autograde", "grade", "class", "--course", "toy", cwd=tmp_path)
    lines = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    verdicts = {(r["exercise"], r["verdict"]) for r in map(json.loads, lines)}
    assert {("double", "passed"), ("primes", "passed")} <= verdicts


@pytest.mark.usefixtures("walls")
def test_without_torch_it_says_which_exercises_cannot_be_graded(
    engine_only: Path, tmp_path: Path
) -> None:
    (tmp_path / "soft_clip.py").write_text("def soft_clip(x, limit): return x\n")
    done = run(engine_only / "autograde", "grade", "soft_clip.py", cwd=tmp_path, code=2)
    assert "needs 'torch', which is not installed" in done.stderr
    assert packages.COURSE_FIX in done.stderr
    said = run(engine_only / "autograde", "doctor", cwd=tmp_path).stdout
    assert f"exercises that need it cannot be graded: {packages.COURSE_FIX}" in said
    assert "This machine can grade." in said
