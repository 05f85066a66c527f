"""What the judge makes of submissions, on the toy course."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading.judge_process import Grader
from autograder.judging.settings import JudgeSettings
from autograder.judging.telling import NOT_SHOWN
from autograder.model import Job, Result, Verdict
from autograder.outline import Course

pytestmark = pytest.mark.usefixtures("walls")

GOOD = b"def double(x):\n    return x * 2\n"


@pytest.fixture(scope="module")
def grader(toy: Course) -> Iterator[Grader]:
    with Grader(toy, JudgeSettings(toy.root, ("double", "stack"), slot=40)) as grader:
        yield grader


def grade(grader: Grader, source: bytes, exercise: str = "double", seed: str = "s") -> Result:
    return grader.grade(Job("ann", exercise, source, seed))


def test_full_marks_are_scaled_to_the_outline(grader: Grader) -> None:
    result = grade(grader, GOOD)
    assert result.verdict is Verdict.PASSED
    assert (result.points, result.max_points) == (4, 4)
    assert [c.max_points for c in result.checks] == [1, 3]


def test_a_failed_check_says_what_the_code_did(grader: Grader) -> None:
    result = grade(grader, b"def double(x):\n    return x * 3\n")
    public, hidden = result.checks
    assert result.verdict is Verdict.FAILED and result.points == 0
    assert public.message == "double(2) returned 6." and public.hint == "Add it to itself."
    assert hidden.message == "Some numbers were not doubled."


def test_student_frames_only_with_the_line_quoted(grader: Grader) -> None:
    source = b"def double(x):\n    y = x\n    return y + undefined_name\n"
    public, hidden = grade(grader, source).checks
    assert public.verdict is Verdict.RAISED
    assert "NameError: name 'undefined_name' is not defined" in public.message
    assert "line 3 in double: return y + undefined_name" in public.message
    assert "observ" not in public.message and "worker" not in public.message
    assert hidden.message == public.message


def test_a_hidden_check_gives_no_input_away(grader: Grader) -> None:
    source = (
        b"class Leak(Exception): pass\n"
        b"def double(x):\n"
        b"    print('input', x)\n"
        b"    raise type('T%s' % x, (Exception,), {})('value %s' % x)\n"
    )
    public, hidden = grade(grader, source).checks
    assert "value 2" in public.message
    assert hidden.verdict is Verdict.RAISED
    first, _, where = hidden.message.partition("\n")
    assert first == f"Your code raised: an exception of your own ({NOT_SHOWN})"
    assert where.strip().startswith("line 4 in double: raise type(")


SHY = """
from autograder.judging.checks import check, expect, show
@check(points=1)
def test_any(student, rng):
    '''A hidden check that quotes what it was given.'''
    number = rng.randint(10**8, 10**9)
    @student.observe(number=number)
    def seen(module, number):
        return [module.double(number), "a word of the grader"]
    expect(False, f"shown {show(seen)}, pasted {seen[0]}")
"""


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("f'saw {x}'", "shown ['…', 'a word of the grader'], pasted …"),
        ("'x' * 400 + str(x)", "shown ['…', 'a word of the grader'], pasted …"),
        ("x", "shown […, 'a word of the grader'], pasted …"),
        ("x / 7", "shown […, 'a word of the grader'], pasted …"),
        ("bytes(str(x), 'ascii')", "shown […, 'a word of the grader'], pasted …"),
        ("type('T%s' % x, (), {})()", "shown [<a …>, 'a word of the grader'], pasted <a …>"),
        (
            "type('x' * 9, (), {'__module__': str(x)})()",
            "shown [<a …>, 'a word of the grader'], pasted <a …>",
        ),
        ("7", "shown [7, 'a word of the grader'], pasted 7"),
        ("[x % 1000] * 9", "shown [[…"),
        ("True", "shown [True, 'a word of the grader'], pasted True"),
        ("'double'", "shown ['double', 'a word of the grader'], pasted double"),
        ("'ValueError'", "shown ['ValueError', 'a word of the grader'], pasted ValueError"),
    ],
)
def test_a_hidden_message_repeats_no_text_made_of_an_input(
    tmp_path: Path, toy: Course, public: bool, answer: str, shown: str
) -> None:
    text = SHY.replace("points=1", f"points=1, public={public}")
    course = write_course(tmp_path, toy, text)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=44)) as grader:
        (check,) = grade(grader, f"def double(x):\n    return {answer}\n".encode()).checks
    assert check.verdict is Verdict.FAILED
    if shown.endswith("[[…"):  # a few small numbers may be shown, not a list of them
        assert len(re.findall(r"\d+", check.message)) <= 6 or public
    else:
        assert check.message == shown or public
    if public and "x}" in answer:
        assert "saw " in check.message and "…" not in check.message


def test_missing_name(grader: Grader) -> None:
    result = grade(grader, b"def dubble(x):\n    return 2 * x\n")
    message = "`double` is not defined in your double.py. Line 1 defines `dubble`: is that the one?"
    assert {check.message for check in result.checks} == {message}
    assert {check.hint for check in result.checks} == {""}


def test_a_name_that_is_only_used_is_not_called_missing(grader: Grader) -> None:
    public, hidden = grade(grader, b"globals()['double'] = lambda x: 3 * x\n").checks
    assert public.message == "double(2) returned 6." and "defined" not in hidden.message


def test_an_error_while_loading_is_shown_in_full_everywhere(grader: Grader) -> None:
    """No input has come to the answer yet."""
    public, hidden = grade(grader, b"raise ValueError('no data')\n").checks
    assert public.message == hidden.message and "ValueError: no data" in hidden.message


def test_a_message_about_names_is_shown_by_hidden_checks(grader: Grader) -> None:
    source = b"class A:\n    size = 2\ndef double(x):\n    return A().sise\n"
    public, hidden = grade(grader, source).checks
    assert public.message == hidden.message
    assert "AttributeError: 'A' object has no attribute 'sise'" in hidden.message


def test_a_name_made_of_an_input_is_not_shown(grader: Grader) -> None:
    source = b"def double(x):\n    raise NameError(f\"name 'v{x}' is not defined\")\n"
    public, hidden = grade(grader, source).checks
    assert "name 'v2' is not defined" in public.message
    assert f"NameError ({NOT_SHOWN})\n" in hidden.message


def test_a_timeout_says_the_line(grader: Grader) -> None:
    source = b"def double(x):\n    helper = 1\n    while True: helper += 1\n"
    for check in grade(grader, source).checks:
        first, second = check.message.splitlines()
        assert first.startswith("Timed out after ") and first.endswith("It was at this line:")
        assert second == "  line 3 in double: while True: helper += 1"


def test_syntax_error_is_quoted(grader: Grader) -> None:
    result = grade(grader, b"x = 1\ndef double(x)\n    return 2\n")
    assert result.verdict is Verdict.RAISED
    assert "line 2: def double(x)" in result.checks[0].message


def test_untouched_stub(grader: Grader, toy: Course) -> None:
    for id in ("double", "stack"):
        result = grade(grader, toy.stub(toy.exercise(id)).read_bytes(), id)
        assert result.verdict is Verdict.NOT_ATTEMPTED, result
        assert result.points == 0 and result.deferred_points == 0


def test_partly_written_is_not_the_stub(grader: Grader, toy: Course) -> None:
    stub = toy.stub(toy.exercise("double")).read_text()
    (line,) = [one for one in stub.splitlines() if "NotImplementedError" in one]
    indent = line[: len(line) - len(line.lstrip())]
    half = stub.replace(line, f"{indent}if x == 2:\n{indent}    return 4\n{line}")
    result = grade(grader, half.encode())
    assert [c.verdict for c in result.checks] == [Verdict.PASSED, Verdict.NOT_ATTEMPTED]
    assert result.verdict is Verdict.PARTLY and result.points == 1
    assert result.checks[1].message.startswith("Not written yet.\n  line ")
    begun = grade(grader, stub.replace(line, f"{indent}y = x\n{line}").encode())
    assert begun.verdict is Verdict.FAILED and begun.points == 0


def test_same_seed_same_inputs(grader: Grader) -> None:
    source = b"def double(x):\n    return 2 * x if x % 2 else 2 * x + (x > 900000)\n"
    marks = [[c.points for c in grade(grader, source, seed=s).checks] for s in ("a", "a", "b")]
    assert marks[0] == marks[1]


def test_gpu_checks_are_deferred_and_points_stay_open(
    grader: Grader, toy: Course, tmp_path: Path
) -> None:
    result = grade(grader, toy.solution(toy.exercise("stack")).read_bytes(), "stack")
    if result.verdict is Verdict.PASSED:
        pytest.skip("this machine has a GPU")
    assert result.verdict is Verdict.DEFERRED
    assert result.points == 4.5 and result.deferred_points == 1.5


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"type('E', (int,), {'__eq__': lambda s, o: True})(4)", "double(2) returned"),
        (b"float('nan')", "double(2) returned nan"),
        (b"True", "double(2) returned True"),
        (b"__import__('numpy').int64(4)", "double(2) returned <a numpy.int64>"),
        (b"object()", "double(2) returned <a object>"),
    ],
)
def test_type_tricks_earn_nothing(grader: Grader, reply: bytes, words: str) -> None:
    result = grade(grader, b"def double(x):\n    return " + reply + b"\n")
    assert result.points == 0 and words in result.checks[0].message


def test_a_judge_that_dies_is_replaced_and_the_job_done_once_more(toy: Course) -> None:
    with Grader(toy, JudgeSettings(toy.root, ("double",), slot=41)) as grader:
        assert grade(grader, GOOD).verdict is Verdict.PASSED
        judge = grader._process
        assert judge is not None
        judge.kill()
        assert grade(grader, GOOD).verdict is Verdict.PASSED


def test_a_judge_that_a_run_ended_grades_nothing_more(toy: Course) -> None:
    with Grader(toy, JudgeSettings(toy.root, ("double",), slot=49)) as grader:
        assert grade(grader, GOOD).verdict is Verdict.PASSED
        grader.kill()
        result = grade(grader, GOOD)
        assert result.verdict is Verdict.GRADER_FAULT and result.open_points == 4


def write_course(folder: Path, toy: Course, grader: str) -> Course:
    import shutil

    from autograder import outline

    shutil.copytree(toy.root, folder / "course")
    (folder / "course" / "graders" / "basics" / "test_double.py").write_text(grader)
    return outline.load(folder / "course")


@pytest.mark.parametrize(
    ("grader_text", "words"),
    [
        ("import nonsense_module\n", "nonsense_module"),
        ("def test_plain(student):\n    '''x'''\n", "has no @check"),
        (
            "from autograder.checks import check\n@check()\ndef test_a(student):\n"
            "    '''T.'''\n    raise KeyError('mine')\n",
            "KeyError: 'mine'",
        ),
        (
            "from autograder.checks import check\n@check()\ndef test_a(student):\n"
            "    '''T.'''\n    assert 1 == 2\n",
            "AssertionError",
        ),
        (
            "from autograder.checks import check\nX = 1\n@check()\ndef test_a(student):\n"
            "    '''T.'''\n    @student.observe()\n    def seen(module):\n        return X\n",
            "uses X from outside",
        ),
        (
            "from autograder.checks import check\n@check()\ndef test_a(reference):\n"
            "    '''T.'''\n    @reference.observe()\n    def seen(module):\n"
            "        return module.nothing\n",
            "reference: failed",
        ),
    ],
)
def test_our_faults_are_never_the_students(
    tmp_path: Path, toy: Course, grader_text: str, words: str
) -> None:
    course = write_course(tmp_path, toy, grader_text)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=42)) as grader:
        result = grader.grade(Job("ann", "double", GOOD, "s"))
    told = result.message + "".join(c.message for c in result.checks)
    assert result.verdict is Verdict.GRADER_FAULT and words in told
    assert result.max_points == 0 and result.open_points == 4
    assert re.search(r"test_double\.py:\d+: ", told), told


@pytest.mark.parametrize(
    ("line", "verdict", "words"),
    [
        ("while True: pass", Verdict.TIMED_OUT, "before it timed out."),
        ("bytearray(b'x') * (1 << 36)", Verdict.OUT_OF_MEMORY, "before it ran out of memory."),
    ],
)
def test_checks_after_three_costly_ones_are_not_run(
    tmp_path: Path, toy: Course, line: str, verdict: Verdict, words: str
) -> None:
    text = toy.grader(toy.exercise("double")).read_text()
    more = "".join(
        f"@check(points=1)\ndef test_more{n}(student):\n    '''M{n}.'''\n"
        f"    @student.observe()\n    def seen(module):\n        return module.double({n})\n"
        f"    expect(seen == {2 * n}, 'No.')\n"
        for n in range(3)
    )
    course = write_course(tmp_path, toy, text + more)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=43)) as grader:
        source = f"def double(x):\n    {line}\n    return 2 * x\n".encode()
        checks = grader.grade(Job("ann", "double", source, "s")).checks
    assert [c.verdict for c in checks] == [verdict] * 5
    assert all(words in c.message and not c.hint for c in checks[3:])
