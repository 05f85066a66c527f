"""A feedback page as a student reads it: one card per cause, chapters, the student's own code."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import outline
from autograder.model import CheckResult, Result, Verdict, overall
from autograder.outline import Course
from autograder.report.cell_output import feedback
from autograder.report.code import MOST_CHARACTERS, MOST_LINES, SHORT, Code
from autograder.report.exercise import shown, state
from autograder.report.feedback import RunInfo, render
from autograder.report.grades import write_grades
from autograder.report.terminal import results_table
from autograder.text.numbers import points

EVIL = '</pre></code></mark><script>alert(1)</script>\x1b[31m\u202e{{ 7*7 }}<img src=x onerror="y">'
LOADED = "Your code could not be loaded: SyntaxError"
LINE = "\n  line 2: def f(x)\n  Graded with Python 3.11."
SYNTAX = b"import os\ndef f(x)\n    return x\n"


@pytest.fixture(scope="module")
def course() -> Course:
    return outline.load()


def check(name: str, verdict: Verdict, message: str = "", *, public: bool = False) -> CheckResult:
    earned = 1.25 if verdict is Verdict.PASSED else 0.0
    title = f"Title of {name}."
    return CheckResult(name, title, verdict, earned, 1.25, public, message, f"Hint of {name}.")


def result(*checks: CheckResult, exercise: str = "count_up", worth: float = 10.0) -> Result:
    return Result("ann", exercise, "s", checks, worth, overall(checks, untouched=False))


def page(course: Course, *results: Result, **sources: bytes) -> str:
    mine = {exercise: (text, ()) for exercise, text in sources.items()}
    return render("ann", results, course, RunInfo("A course", "today", {"ann": mine}))


def text_of(markup: str) -> str:
    """What a reader sees of a page, on one line."""
    body = markup.partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def untouched(course: Course, but: str = "") -> list[Result]:
    """Every exercise of the course that was not handed in."""
    return [
        Result(
            "ann",
            e.id,
            "",
            (),
            e.points,
            Verdict.NOT_ATTEMPTED,
            f"No file {e.id}.py was found in this submission.",
        )
        for e in course.exercises
        if e.id != but
    ]


# -- one card per cause -----------------------------------------------------------------------


def test_a_syntax_error_is_one_card_that_names_what_it_cost(course: Course) -> None:
    public = [check(n, Verdict.RAISED, f"{LOADED}: expected ':'{LINE}", public=True) for n in "ab"]
    hidden = [check(n, Verdict.RAISED, f"{LOADED}{LINE}") for n in "cdefgh"]
    markup = page(course, result(*public, *hidden), count_up=SYNTAX)
    seen = text_of(markup)
    assert markup.count('class="card ') == 1 and seen.count("expected ':'") == 1
    assert "0 of 10: your code raised an error" in seen and "It cost 8 checks" in seen
    assert all(f"Title of {name}." in seen for name in "abcdefgh")
    assert "Hint of" not in seen and "The contract says" not in seen
    assert '<mark data-n="2">def f(x)' in markup and seen.count("def f(x)") == 1


def test_a_missing_name_is_one_card_without_hints(course: Course) -> None:
    message = "`CountUp` is not defined in your count_up.py. Line 1 defines `Countup`: is that it?"
    checks = [replace(check(n, Verdict.FAILED, message), hint="") for n in "abcdefgh"]
    markup = page(course, result(*checks), count_up=b"class Countup:\n    pass\n")
    assert markup.count('class="card ') == 1 and "A name is missing" in markup
    assert '<mark data-n="1">class Countup:' in markup and "0 of 10: no check passed" in markup


def test_a_timeout_takes_along_what_was_not_run(course: Course) -> None:
    hung = "Timed out after 2 s. It was at this line:\n  line 2 in f: while True: pass"
    checks = [check("a", Verdict.TIMED_OUT, hung)]
    checks += [
        check(n, Verdict.TIMED_OUT, "Not run: 1 check before it timed out.") for n in "bcdef"
    ]
    source = b"def f():\n    while True: pass\n"
    markup = page(course, result(check("z", Verdict.PASSED), *checks), count_up=source)
    seen = text_of(markup)
    assert markup.count('class="card ') == 1 and "It cost 6 checks; 5 were not run" in seen
    assert "1.25 of 10: 1 of 7 checks passed" in seen and "Not run:" not in seen
    assert '<mark data-n="2">' in markup


def test_one_mistake_under_several_circumstances_is_one_card(course: Course) -> None:
    mistake = "slept after the final failure. Your caller waits for nothing."
    messages = {
        "a": f"With three failures: {mistake}\nExpected `call`,\nyours `call sleep`.",
        "b": f"With max_attempts=1: {mistake}",
        "c": f"With delay=0: {mistake}",
        "d": "With delay=0: it was 3.",
    }
    found = shown(
        result(*(check(n, Verdict.FAILED, m) for n, m in messages.items())), course, None
    ).cards
    assert [card.title for card in found] == ["Slept after the final failure.", "Title of d."]
    assert "yours `call sleep`." in found[0].message and found[0].hint == "Hint of a."
    told = ["With three failures", "With max_attempts=1", "With delay=0"]
    assert [item.told for item in found[0].items] == told


def test_details_of_two_checks_are_never_dropped(course: Course) -> None:
    """The same mistake in two messages that say more: each has its card."""
    mistake = "slept after the final failure, for nothing."
    checks = [check(n, Verdict.FAILED, f"With {n}: {mistake}\nyours {n}.") for n in "ab"]
    for public in (False, True):
        checks.append(check("c", Verdict.FAILED, f"With c: {mistake}", public=public))
        seen = text_of(page(course, result(*checks)))
        assert "yours a." in seen and "yours b." in seen


def test_an_exception_without_a_name_is_the_one_that_has_it(course: Course) -> None:
    place = "\n  line 1: fail()"
    public = check("a", Verdict.RAISED, f"Your code raised: URLError: no network{place}")
    hidden = check("b", Verdict.RAISED, f"Your code raised: an exception of your own{place}")
    other = check("c", Verdict.RAISED, "Your code raised: KeyError\n  line 2: d[k]")
    found = shown(result(replace(public, public=True), hidden, other), course, None).cards
    assert [len(card.items) for card in found] == [2, 0]


def test_checks_that_wait_for_one_thing_are_one_card(course: Course) -> None:
    waiting = [check(n, Verdict.DEFERRED, "Needs a CUDA GPU.") for n in "abc"]
    ours = [check(n, Verdict.GRADER_FAULT, f"test_x.py:{n}: secret") for n in "de"]
    markup = page(course, result(check("z", Verdict.PASSED), *waiting, *ours))
    assert markup.count('class="card ') == 2 and markup.count("Needs a CUDA GPU.") == 1
    assert "secret" not in markup and "3.75 to be graded" in markup


# -- chapters, states, numbers ----------------------------------------------------------------


def test_what_was_not_started_is_a_line_per_chapter(course: Course) -> None:
    done = result(*(check(n, Verdict.PASSED) for n in "abcdefgh"))
    markup = page(course, *untouched(course, "count_up"), done)
    assert markup.count("Not started (") == len(course.chapters)
    assert markup.count("<article") == 1 and "No file" not in markup
    assert all(f"<code>{e.id}</code>" in markup for e in course.exercises if e.id != "count_up")
    for chapter in course.chapters:
        assert f">{chapter.title}</h2>" in markup
    second = sum(e.points for e in course.chapters[1].exercises)
    assert f"10 of {points(second)} points" in markup
    assert "<title>10 of " in markup and "1 passed, 35 not started" in markup


def test_what_is_said_of_an_exercise_that_was_not_started_is_kept(course: Course) -> None:
    other = "No file {}.py was found. In the submission: homework.py."
    some = [replace(r, message=other.format(r.exercise)) for r in untouched(course)[:3]]
    seen = text_of(page(course, *some))
    assert seen.count("In the submission: homework.py.") == 1 and "The same for the others" in seen
    every = [replace(r, message=other.format(r.exercise)) for r in untouched(course)]
    seen = text_of(page(course, *every))
    assert seen.count("In the submission: homework.py.") == 1  # not once per chapter
    assert seen.count("Not started (") == len(course.chapters)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ("PASSED PASSED", "2.5 of 10: all 2 checks passed"),
        ("PASSED PASSED FAILED FAILED", "2.5 of 10: 2 of 4 checks passed"),
        ("FAILED FAILED", "0 of 10: no check passed"),
        ("RAISED FAILED", "0 of 10: your code raised an error"),
        ("TIMED_OUT FAILED", "0 of 10: timed out"),
        ("PASSED DEFERRED", "1.25 of 10 so far: 1 of 1 check passed"),
        ("DEFERRED DEFERRED", "0 of 10 so far: still to be graded"),
        ("PASSED GRADER_FAULT", "1.25 of 1.25: 1 of 1 check passed"),
        ("GRADER_FAULT", "10 points open: our fault, not counted against you"),
    ],
)
def test_a_title_says_the_state(verdicts: str, said: str) -> None:
    checks = [check(str(n), Verdict[v]) for n, v in enumerate(verdicts.split())]
    assert state(result(*checks)) == said


def test_a_number_is_the_same_everywhere(course: Course, tmp_path: Path) -> None:
    """On the page, in the terminal's table, in the CSV and in a notebook's cell."""
    from rich.console import Console

    third = replace(check("a", Verdict.PASSED), points=20 / 3)
    one = result(third, check("b", Verdict.FAILED))
    two = result(third, check("b", Verdict.FAILED), exercise="retry", worth=15.0)
    markup = page(course, one, two)
    with Path("/dev/null").open("w") as nowhere:
        console = Console(width=100, record=True, file=nowhere)
        console.print(results_table([one, two], course))
        table = console.export_text()
    write_grades(tmp_path / "grades.csv", [one, two], course)
    with (tmp_path / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["total"] == "13.34" and row["count_up"] == row["retry"] == "6.67"
    assert "13.34/25" in table and "6.67" in table
    assert "<strong>13.34</strong> of 25 points" in markup and "6.67 of 15 points" in markup
    assert "6.67 of 10: 1 of 2 checks passed" in markup
    assert feedback(one).startswith("6.67 of 10 points")


# -- the student's code -----------------------------------------------------------------------


def test_code_is_text_and_nothing_else(course: Course) -> None:
    source = f"x = 1\nraise ValueError({EVIL!r})  # {EVIL}\n".encode()
    quoted = source.decode().splitlines()[1].strip()[:120]
    bad = check("a", Verdict.RAISED, f"Your code raised: ValueError: {EVIL}\n  line 2: {quoted}")
    markup = page(course, result(bad), count_up=source)
    assert '<mark data-n="2">' in markup and "{{ 7*7 }}" in markup
    assert not re.search(r"<(script|img)|[\x00-\x08\x0b-\x1f\u202e]", markup)


def test_a_line_is_marked_only_where_the_message_has_its_words() -> None:
    code = Code("count_up", (b"a = 1\nb = 2\n", (("helper.py", b"c = 3\n"),)))
    assert code.places("Raised.\n  line 2 in f: b = 2") == (("", 2),)
    assert code.places("Raised.\n  helper.py, line 1: c = 3") == (("helper.py", 1),)
    for message in ("  line 2: b = 3", "  line 9: b = 2", "  line 0: b = 2", "line 2: b = 2"):
        assert code.places(f"Raised.\n{message}") == ()
    assert code.places("Line 1 defines `a`: is that it?") == (("", 1),)
    assert code.places("Line 2 defines `a`: is that it?") == ()
    assert code.around([("helper.py", 1)])[0].name == "helper.py"


def test_long_code_is_folded_and_cut() -> None:
    code = Code("count_up", (b"".join(b"x%d = 0\n" % n for n in range(1, 2001)), ()))
    (near,) = code.around([("", 1000)])
    assert [line.number for line in near.lines] == [0, 998, 999, 1000, 1001, 1002, 0]
    assert not near.whole and near.first_marked == 1000 and near.total == 2000
    assert len(code.whole().lines) <= MOST_LINES + 1
    wide = Code("count_up", (b"y" * 100_000 + b"\n" + b"z = 1\n" * 3, ())).whole()
    assert sum(len(line.text) for line in wide.lines) < MOST_CHARACTERS and len(wide.lines) == 4
    short = Code("count_up", (b"x = 0\n" * SHORT, ())).around([("", 3)])
    assert short[0].whole


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"a\r\nb\rc", b"\xef\xbb\xbfx = 1\n", b"\x0c\n\x1c\x85\n"]
)
def test_any_bytes_are_a_listing(course: Course, data: bytes) -> None:
    markup = page(course, result(check("a", Verdict.FAILED, "No.\n  line 1: a")), count_up=data)
    assert "</html>" in markup and "\x0c" not in markup


def test_code_of_an_earlier_run_is_said_to_be_missing(course: Course) -> None:
    assert "Graded in an earlier run" in page(course, result(check("a", Verdict.FAILED, "No.")))
    here = page(course, result(check("a", Verdict.FAILED, "No.")), count_up=b"x = 1\n")
    assert "Graded in an earlier run" not in here and "Your code as it was graded (1 line)" in here


def test_a_page_shows_nobody_elses_code(course: Course) -> None:
    info = RunInfo("A course", "today", {"bob": {"count_up": (b"bobs = 1\n", ())}})
    assert "bobs" not in render("ann", [result(check("a", Verdict.FAILED))], course, info)
