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

ROOT = Path(__file__).resolve().parents[1]
BUILT_FROM = ("autograder", "course", "exercises", "solutions")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [str(c) for c in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**environment, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the scripts of an environment that holds the wheel and what it depends on."""
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
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", environment, cwd=folder)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)
    # What it depends on is taken from here, not fetched again. A path in a .pth file comes
    # last and its own .pth files are not read, so the checkout itself stays out of sight.
    (site,) = environment.glob("lib/python3*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    shutil.rmtree(source)
    return environment / "bin"


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
