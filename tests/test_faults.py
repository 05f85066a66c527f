"""A check that faults on a submission: whose fault it is, and what the others get."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import outline
from autograder.grading.judge_process import Grader
from autograder.judging.settings import JudgeSettings
from autograder.model import CheckResult, Job, Result, Verdict
from autograder.outline import Course

pytestmark = pytest.mark.usefixtures("walls")

GOOD = b"def double(x):\n    return x * 2\n"

HEAD = "import os, signal, time, pytest\nfrom autograder.checks import check, expect, show\n"

CHECK = """
@check(points=1, public={public})
def test_{name}(student, rng):
    '''{name}.'''
    @student.observe()
    def seen(module):
        return module.double(2)
    {body}
"""

BODIES = {
    "equal": "expect([seen, 1] == [4, 1], 'No.')",
    "index": "expect(seen[0] == 4 if type(seen) is list else seen == 4, 'No.')",
    "sorting": "expect(sorted([seen, 1]) == [1, 4], 'No.')",
    "printing": "expect(seen == 4, f'It returned {seen}.')",
    "truthy": "expect(seen == 4 or seen, 'No.')",
    "assertion": "assert type(seen) is int",
    "recursion": "import copy; expect(copy.deepcopy(seen) == 4, 'No.')",
    "unprintable": "expect({4: True}[seen], 'No.')",
    "leaving": "if seen != 4: raise SystemExit(1)\n    expect(True, '')",
    "interrupted": "if type(seen) is not int: raise KeyboardInterrupt\n    expect(True, '')",
    "session": "if type(seen) is not int: pytest.exit('enough')\n    expect(True, '')",
}


def with_checks(folder: Path, toy: Course, *checks: str) -> Course:
    shutil.copytree(toy.root, folder / "course")
    path = folder / "course" / "graders" / "basics" / "test_double.py"
    path.write_text(HEAD + "".join(checks))
    return outline.load(folder / "course")


@pytest.fixture(scope="module")
def grader(toy: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    checks = [CHECK.format(name=name, body=body, public=True) for name, body in BODIES.items()]
    checks.append(CHECK.format(name="hidden", body=BODIES["equal"], public=False))
    course = with_checks(tmp_path_factory.mktemp("faults"), toy, *checks)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=46)) as grader:
        yield grader


def grade(grader: Grader, returned: str, *only: str) -> Result:
    source = f"import numpy as np\ndef double(x):\n    return {returned}\n".encode()
    return grader.grade(Job("ann", "double", source, "s", tuple(f"test_{n}" for n in only)))


def one(grader: Grader, returned: str, name: str) -> CheckResult:
    (check,) = grade(grader, returned, name).checks
    return check


DEEP = "[x := [x] for _ in range(500)][-1]"


@pytest.mark.parametrize(
    ("name", "returned", "error"),
    [
        ("equal", "np.array([1, 2])", "ValueError: The truth value"),
        ("index", "[]", "IndexError"),
        ("sorting", "None", "TypeError"),
        ("sorting", "1j", "TypeError"),
        ("truthy", "[1]", "TypeError: expect() needs a bool"),
        ("assertion", "'4'", "AssertionError"),
        ("recursion", DEEP, "RecursionError"),
        ("unprintable", "1 << 20000", "KeyError"),
        ("unprintable", "[]", "TypeError: unhashable"),
        ("leaving", "5", "SystemExit"),
        ("interrupted", "'x'", "KeyboardInterrupt"),
        ("session", "'x'", "Exit: enough"),
    ],
)
def test_a_fault_that_the_reference_does_not_cause_is_the_submissions(
    grader: Grader, name: str, returned: str, error: str
) -> None:
    check = one(grader, returned, name)
    assert check.verdict is Verdict.FAILED and check.points == 0, check
    assert check.message.startswith("What your code gave here is not what the check can read: ")
    assert error in check.fault and "test_double.py" in check.fault
    assert len(check.message) < 300 and len(check.fault) <= 3000
    assert one(grader, "4", name).verdict is Verdict.PASSED


def test_words_for_the_student(grader: Grader) -> None:
    public = one(grader, "[np.array([1, 2])]", "equal")
    assert public.verdict is Verdict.FAILED and public.message == "No."
    public = one(grader, "np.array([1, 2])", "equal")
    assert public.message.endswith("read: array of shape (2,) and dtype int64.")
    hidden = one(grader, "np.array([1, 2])", "hidden")
    assert hidden.verdict is Verdict.FAILED
    assert hidden.message == "What your code gave here is not what the check can read."
    assert "ValueError" in hidden.fault


def test_a_long_int_is_printed(grader: Grader) -> None:
    check = one(grader, "1 << 20000", "printing")
    assert check.verdict is Verdict.FAILED and check.message.startswith("It returned 3980")
    assert len(check.message) <= 4000 and not check.fault


def test_a_message_of_megabytes_is_cut(grader: Grader) -> None:
    check = one(grader, "['x' * 900_000]", "printing")
    assert check.verdict is Verdict.FAILED and len(check.message) <= 4000


def test_the_fault_survives_storage(grader: Grader) -> None:
    result = grade(grader, "np.array([1, 2])", "equal")
    assert Result.from_dict(result.as_dict()) == result
    assert "fault" not in grade(grader, "4", "equal").as_dict()["checks"][0]


def test_other_checks_go_on(grader: Grader) -> None:
    checks = {c.name: c.verdict for c in grade(grader, "np.array([4])").checks}
    assert Verdict.GRADER_FAULT not in checks.values()
    assert len(checks) == len(BODIES) + 1


@pytest.mark.parametrize(
    "body",
    [
        "expect(seen == 4 and 'yes', 'No.')",  # faults on everything
        "expect(seen == 5, 'The reference fails it.') if type(seen) is int else seen[0]",
    ],
)
def test_a_fault_that_the_reference_causes_too_is_ours(
    tmp_path: Path, toy: Course, body: str
) -> None:
    course = with_checks(tmp_path, toy, CHECK.format(name="a", body=body, public=True))
    with Grader(course, JudgeSettings(course.root, ("double",), slot=47)) as grader:
        check = one(grader, "None", "a") if "[0]" in body else one(grader, "4", "a")
    assert check.verdict is Verdict.GRADER_FAULT and "TypeError" in check.message
    assert check.fault


def test_a_fault_that_does_not_come_back_costs_nothing(tmp_path: Path, toy: Course) -> None:
    mark = tmp_path / "faulted"
    body = f"if not os.path.exists({str(mark)!r}):\n        open({str(mark)!r}, 'w').close()\n"
    body += "        raise OSError('no more processes')\n    expect(seen == 4, 'No.')"
    course = with_checks(tmp_path, toy, CHECK.format(name="a", body=body, public=True))
    with Grader(course, JudgeSettings(course.root, ("double",), slot=48)) as grader:
        result = grader.grade(Job("ann", "double", GOOD, "s"))
    assert result.verdict is Verdict.PASSED and result.points == 4
    assert "no more processes" in result.checks[0].fault


def test_the_reference_gets_the_same_inputs(tmp_path: Path, toy: Course) -> None:
    log = tmp_path / "inputs"
    body = f"with open({str(log)!r}, 'a') as f: f.write(str(rng.random()) + '\\n')\n    seen + 1"
    course = with_checks(tmp_path, toy, CHECK.format(name="a", body=body, public=True))
    with Grader(course, JudgeSettings(course.root, ("double",), slot=49)) as grader:
        assert one(grader, "None", "a").verdict is Verdict.FAILED
    lines = log.read_text().split()
    assert len(lines) == 3 and len(set(lines)) == 1


def test_whoever_stops_the_reference_has_failed(tmp_path: Path, toy: Course) -> None:
    """As if the submission had starved it: the reference fails beside this one alone."""
    text = """
@check(points=1)
def test_a(student, baseline):
    '''A.'''
    @student.observe()
    def seen(module):
        return module.double(2)
    other = "def run(): return 1" if seen == 4 else "def run(): raise MemoryError"
    expect(baseline(other).run(run) == 1, "No.")

def run(module):
    return module.run()
"""
    course = with_checks(tmp_path, toy, text)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=50)) as grader:
        check = one(grader, "5", "a")
    assert check.verdict is Verdict.FAILED and check.message.startswith("Beside your code")
    assert "ReferenceFault" in check.fault


@pytest.mark.parametrize(
    ("work", "words"),
    [
        ("while seen != 4: pass", "took too long"),
        ("seen == 4 or max(range(10**13))", "judge ended"),
    ],
    ids=["in Python", "in C"],
)
def test_a_check_that_works_without_end(tmp_path: Path, toy: Course, work: str, words: str) -> None:
    plain = CHECK.format(name="a", body=f"{work}\n    expect(seen == 4, 'No.')", public=True)
    start = "from autograder.judging import faults\nfaults.CHECK_CPU = 0.5\n"
    course = with_checks(tmp_path, toy, start, plain)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=51)) as grader:
        result = grader.grade(Job("ann", "double", GOOD.replace(b"2\n", b"3\n"), "s"))
        assert grader.grade(Job("bob", "double", GOOD, "s")).verdict is Verdict.PASSED
    told = result.message + "".join(c.message for c in result.checks)
    assert result.verdict in (Verdict.TIMED_OUT, Verdict.CRASHED) and result.points == 0
    assert words in told


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_judge_that_dies_of_a_submission(tmp_path: Path, toy: Course, everywhere: bool) -> None:
    died = tmp_path / "died"
    when = "True" if everywhere else "seen != 4"
    body = f"if {when}:\n        open({str(died)!r}, 'a').write('x')\n"
    body += "        os.kill(os.getpid(), signal.SIGSEGV)\n    expect(seen == 4, 'No.')"
    course = with_checks(tmp_path, toy, CHECK.format(name="a", body=body, public=True))
    with Grader(course, JudgeSettings(course.root, ("double",), slot=52)) as grader:
        result = grader.grade(Job("ann", "double", GOOD.replace(b"2\n", b"3\n"), "s"))
        after = grader.grade(Job("bob", "double", GOOD, "s"))
    assert result.points == 0 and result.worth == 4
    if everywhere:
        assert result.verdict is after.verdict is Verdict.GRADER_FAULT
    else:
        assert result.verdict is Verdict.CRASHED and after.verdict is Verdict.PASSED
        assert died.read_text() == "xx" and re.match("The judge ended while", result.message)
