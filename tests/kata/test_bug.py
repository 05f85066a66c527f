"""``kata bug``: a call that tells a wrong answer from the right one, then the fix."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import outline
from autograder.kata import bug_calls, bug_progress, bugs
from autograder.kata.bug_calls import CallError, Calls
from autograder.kata.bug_progress import Hunt
from autograder.kata.workspace import Workspace
from autograder.outline import Course
from tests.kata.kata_support import GOOD, Run, write

BUG = "def double(x):\n    return 2 * x if x else 1\n"
COURSE = outline.load()


@pytest.fixture
def calls(toy: Course) -> Iterator[Calls]:
    exercise = toy.exercise("double")
    made = Calls(toy, exercise, 'def double(x):\n    """A ``TypeError``."""\n')
    yield made
    made.close()


def test_a_call_proves_what_it_can(calls: Calls) -> None:
    bug = BUG.encode()
    assert calls.attempt("double(0)", bug).proves
    assert calls.attempt("values = [0, 1]\n[double(v) for v in values]", bug).proves
    assert (
        calls.attempt("double(0)", b"def double(x):\n    raise KeyError").wrong.error == "KeyError"
    )
    hangs = calls.attempt("double(0)", b"def double(x):\n    import os\n    os._exit(1)")
    assert hangs.proves and hangs.wrong.said == "has no value (crashed)"
    nothing = calls.attempt("double(3)", bug)
    assert not nothing.proves and nothing.why == "Both do the same."


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("nowhere(0)", "Both do the same."),
        ("object()", "cannot be compared"),
        ("time.time_ns() + double(0)", "each time"),
        ("double(0) / (double(0) and 1)", "does not speak of ZeroDivisionError"),
    ],
)
def test_what_proves_nothing_is_said(calls: Calls, call: str, why: str) -> None:
    tried = calls.attempt(call, BUG.encode())
    assert not tried.proves and why in tried.why


@pytest.mark.parametrize(
    ("call", "words"), [("double(", r"not Python, line 1"), ("x = double(0)", "has no value")]
)
def test_a_call_has_a_value(calls: Calls, call: str, words: str) -> None:
    with pytest.raises(CallError, match=words):
        calls.attempt(call, BUG.encode())


def test_rounding_proves_nothing() -> None:
    assert bug_calls.alike(bug_calls.Seen("value", 0.1 + 0.2), bug_calls.Seen("value", 0.3))
    assert not bug_calls.alike(bug_calls.Seen("value", 1), bug_calls.Seen("value", 1.0))


def test_a_derived_exception_is_one_too() -> None:
    plain = bug_calls.Seen("raised", error="TypeError", kinds=("TypeError", "Exception"))
    derived = bug_calls.Seen("raised", error="UFunc", kinds=("UFunc", "TypeError", "Exception"))
    other = bug_calls.Seen("raised", error="ValueError", kinds=("ValueError", "Exception"))
    assert bug_calls.alike(plain, derived) and bug_calls.alike(derived, plain)
    assert not bug_calls.alike(plain, other)


def test_hints_cost_and_progress_is_kept(tmp_path: Path) -> None:
    assert Hunt(found=True, fixed=True).score == 3
    assert Hunt(found=True, hints=2, fixed=True).score == 1
    assert bug_progress.hunts(tmp_path) == {}
    bug_progress.note(tmp_path, "double", hints=1)
    assert bug_progress.note(tmp_path, "double", found=True, proof="double(0)").score == 1
    assert "1 found and 0 fixed of 3, 1 of 9 points" in bug_progress.summary(
        bug_progress.hunts(tmp_path).values(), 3
    )
    (tmp_path / "bugs.json").write_text("{")
    with pytest.raises(bug_progress.BugProgressError, match="cut off"):
        bug_progress.hunts(tmp_path)


def test_from_a_wrong_answer_to_a_fixed_one(kata: Run, space: Workspace, toy: Course) -> None:
    folder = space.root / "course-copy"
    import shutil

    shutil.copytree(toy.root, folder)
    marker = space.folder / "workspace.json"
    marker.write_text(json.dumps({"version": 1, "course": "course-copy"}))
    exercise = toy.exercise("double")
    name = f"{exercise.chapter}/double.toml"
    path = next(p for p in (folder / "course/bugs", folder / "bugs") if p.parent.is_dir()) / name
    path.parent.mkdir(parents=True)
    values = {"source": BUG, "says": "Twice.", "mistake": "zero", "proof": "double(0)"}
    path.write_text("".join(f"{key} = {json.dumps(text)}\n" for key, text in values.items()))
    assert "pass double first" in kata("bug", "double").stderr
    write(space, "double", GOOD)
    kata("check", "double")
    assert 'kata bug double "CALL"' in kata("bug").stdout
    assert "The contract says: Twice." in kata("bug", "--hint").stdout.replace("the c", "The c")
    done = kata("bug", "double(1)")
    assert done.returncode == 1 and "Both do the same" in done.stdout
    done = kata("bug", "double", "double(0)")
    assert done.returncode == 0 and "1 of 3 points" in done.stdout
    file = space.root / "bugs" / exercise.chapter / "double.py"
    done = kata("bug", "double", "--check")
    assert done.returncode == 1 and "Your own proof still tells it" in done.stdout
    file.write_text(GOOD)
    assert "2 of 3 points" in kata("bug", "double", "--check").stdout
    assert "1 found and 1 fixed" in kata("progress").stdout
    assert json.loads(kata("progress", "--export", "-").stdout)["bugs"]["double"]["fixed"]


@pytest.mark.parametrize("exercise", bugs.prepared(COURSE), ids=lambda e: e.id)
def test_a_bug_does_not_tell_its_mistake(exercise: outline.Exercise) -> None:
    bug = bugs.load(COURSE, exercise)
    assert bug is not None and bug.says and bug.mistake and bug.proof
    assert bug.mistake not in bug.source and "wrong" not in bug.source.splitlines()[0]
    compile(bug.source, exercise.id, "exec")


def test_a_bug_is_proved_wrong() -> None:
    """One, for the rest `python -m scripts.bugs` has shown it."""
    exercise = COURSE.exercise("count_up")
    bug = bugs.load(COURSE, exercise)
    assert bug is not None
    made = Calls(COURSE, exercise, COURSE.stub(exercise).read_text(encoding="utf-8"))
    try:
        assert made.attempt(bug.proof, bug.source.encode()).proves
    finally:
        made.close()
