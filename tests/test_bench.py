"""The benchmarks measure what they say: the parts that can be checked without a clock."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import outline
from bench import cell_words, notebooks, restoring, snapshot, usage
from bench.phases import Phases
from bench.targets import Target
from bench.where import PHASES

TOY = Path(__file__).parent / "toy_course"

GRADER = '''
import math

from autograder.checks import check, expect
from autograder.judging.vocabulary import take
from autograder.sandbox.processes import tree

LIMIT = 3


def helper(x):
    return x


@check(points=1, public=True)
def test_plain(student):
    """Plain."""
    expect(student is not None, "?")


@check(
    points=1,
    kind="memory",
)
def test_memory(student):
    """Memory."""


@check(kind="gpu", needs=("gpu",))
def test_device(student):
    """Device."""


@check(kind="behaviour")
def test_last(student):
    """Last."""
'''


def test_behaviour_alone_is_left() -> None:
    text = snapshot.only_behaviour(GRADER)
    assert "test_plain" in text and "test_last" in text and "helper" in text
    assert "test_memory" not in text and "memory" not in text
    compile(text, "grader", "exec")


def test_a_grader_becomes_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "has", lambda need: False)
    helpers, tests = notebooks.split_grader(GRADER)
    assert [name for name, _ in tests] == ["test_plain", "test_memory", "test_last"]
    assert "LIMIT = 3" in helpers and "import math" in helpers
    assert "autograder.checks" not in helpers and tests[1][1].startswith("@check(\n")
    assert "import take" in helpers and "import tree" in helpers


def test_the_words_of_a_notebook_do_what_the_engines_do(tmp_path: Path) -> None:
    grading = snapshot.copy_course(outline.load(), tmp_path / "course", behaviour_only=True)
    names, text = notebooks._first_cells(grading)
    assert "same" in names
    path = tmp_path / "first_cells.py"
    path.write_text(f"{text}\n\nassert same([1, 2], [1, 2]) is True\nassert not same(1, True)\n")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_class_is_the_same_every_time_and_every_text_is_distinct(tmp_path: Path) -> None:
    course = outline.load(TOY)
    graded = snapshot.copy_course(course, tmp_path / "course", behaviour_only=True)
    assert [e.id for e in graded.exercises] == [e.id for e in course.exercises]
    for name in ("one", "two"):
        names = snapshot.write_class(course, graded.exercises, tmp_path / name, 10)
        assert len(names) == 10
    texts = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.py")}
        for name in ("one", "two")
    ]
    assert texts[0] == texts[1]
    assert len(set(texts[0].values())) == len(texts[0]) == 10 * len(graded.exercises)


def test_a_check_runs_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bench_doubled.py").write_text("def double(x):\n    return 2 * x\n")

    def test_doubles(student: Any, reference: Any, rng: random.Random) -> None:
        value = rng.randint(1, 9)

        async def seen(module: Any, value: int) -> int:
            return int(module.double(value))

        cell_words.expect(student.run(seen, value=value) == 2 * value, "no")
        begun = student.begin(seen, value=3)
        cell_words.expect(begun.end() == 6, "no")
        cell_words.expect(reference.run(seen, value=value) == value, "the reference is another")

    def work(text: str) -> None:
        try:
            cell_words.run_check(test_doubles, "bench_doubled", text)
        finally:
            for name in ("bench_doubled", "reference_bench_doubled"):
                sys.modules.pop(name, None)

    work("def double(x):\n    return x\n")
    with pytest.raises(cell_words.CheckFailed, match="another"):
        work("def double(x):\n    return x + 100\n")


def test_what_a_check_changed_is_put_back() -> None:
    here, before, original = Path.cwd(), sys.getswitchinterval(), os.getpid
    with restoring.restored():
        os.getpid = lambda: 7
        os.environ["KATA_BENCH_TEST"] = "1"
        os.chdir("/")
        sys.setswitchinterval(1e-6)
    assert os.getpid is original and Path.cwd() == here
    assert "KATA_BENCH_TEST" not in os.environ
    assert sys.getswitchinterval() == pytest.approx(before)


def test_a_second_belongs_to_the_innermost_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("bench.phases.time.perf_counter", lambda: now[0])
    phases = Phases()
    with phases.phase("outer"):
        now[0] += 2
        with phases.phase("inner"):
            now[0] += 5
        now[0] += 1
    now[0] += 100
    assert phases.seconds == {"outer": 3, "inner": 5}


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(usage.CommandFailed, match="no such thing"):
        usage.measured(command, log=tmp_path / "log")
    used = usage.measured(command, log=tmp_path / "log", accept=(1,))
    assert used.cpu > 0 and used.wall > 0


def test_targets() -> None:
    assert Target("a", 10.5, 10, "x", at_least=True).met
    assert not Target("a", 1.6, 1.5, "x").met
    assert Target("a", 1.5, 1.5, "x").as_dict()["met"] is True
    assert set(PHASES) == {"start", "import", "isolation", "work", "judge", "report"}
