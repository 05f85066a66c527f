"""Signs that a person should look at an answer: what raises one, and what does not."""

from __future__ import annotations

import pytest

from autograder import outline
from autograder.grading.judge_process import Grader
from autograder.judging.settings import JudgeSettings
from autograder.judging.signs import Signs
from autograder.model import Job, Result, Verdict
from autograder.outline import Course
from autograder.report.review import review_lines

TELLING = [
    (b"import sys\ndef f(g):\n    return sys._getframe(1)\n", "line 3: names _getframe"),
    (b"def f(g):\n    g.__closure__[0].cell_contents = 1\n", "line 2: names __closure__"),
    (b"import ctypes\n", "line 1: names ctypes"),
    (b"import gc\nx = gc.get_objects\n", "line 2: names get_objects"),
    (b"open('/proc/self/mem')\n", "line 1: names /proc/self/mem"),
]


@pytest.mark.parametrize(("source", "sign"), TELLING)
def test_what_a_text_names(source: bytes, sign: str) -> None:
    signs = Signs()
    signs.look(source, b"def f(g): pass\n")
    assert sign in signs.found


def test_what_the_reference_names_is_no_sign() -> None:
    signs = Signs()
    signs.look(b"import ctypes  # as told\n", b"from ctypes import c_int\n")
    signs.look(b"x = 1  # not with ctypes or sys._getframe\n", b"")
    assert signs.found == []


def test_words_from_a_reply_are_known_ones() -> None:
    signs = Signs()
    reply = {
        "noticed": [[3, "calls into C through ctypes"], [4, "your input was 17"], 5, ["a"]],
        "replaced": ["time.sleep", "secret.word", "time.x y", 7],
    }
    assert signs.take(reply, b"import time\ntime.sleep = None\n") == ["time.sleep"]
    assert signs.found == ["line 3: calls into C through ctypes", "line 2: replaces time.sleep"]


def test_few_right_specimens_show_a_sign() -> None:
    """Each false alarm costs a person's time: five of some two hundred are known."""
    course = outline.load(None)
    alarms = 0
    for exercise in course.exercises:
        reference = course.solution(exercise).read_bytes()
        for path in course.specimens(exercise).glob("right_*.py"):
            signs = Signs()
            signs.look(path.read_bytes(), reference)
            alarms += bool(signs.found)
    assert alarms <= 5


@pytest.mark.usefixtures("walls")
def test_signs_reach_the_result_and_take_no_points(toy: Course) -> None:
    source = (
        b"import gc, sys, time\ntime.sleep = len\n"
        b"def double(x):\n    sys._getframe()\n    gc.get_referrers(x)\n    return 2 * x\n"
    )
    with Grader(toy, JudgeSettings(toy.root, ("double",), slot=47)) as grader:
        result = grader.grade(Job("ann", "double", source, "s"))
    assert (result.verdict, result.points) == (Verdict.PASSED, 4)
    assert set(result.review) >= {
        "line 2: replaces time.sleep",
        "line 4: reads the frames of its callers",
        "line 5: walks through the objects of the whole process",
    }
    assert result.message == "Your file replaces `time.sleep`. The checks work with Python's own."
    assert Result.from_dict(result.as_dict()) == result
    lines = review_lines([result])
    assert lines[0] == "1 answer to look at; the marks stand as they are:"
    assert lines[1].startswith("  ann, double: line 4: names _getframe; ")


@pytest.mark.usefixtures("walls")
def test_tracing_voids_what_was_seen(toy: Course) -> None:
    source = b"import sys\ndef double(x):\n    sys.settrace(lambda *a: None)\n    return 2 * x\n"
    with Grader(toy, JudgeSettings(toy.root, ("double",), slot=50)) as grader:
        result = grader.grade(Job("ann", "double", source, "s"))
    assert result.points == 0
    assert "`sys.settrace` while it runs" in result.checks[0].message
