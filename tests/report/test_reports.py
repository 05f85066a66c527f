"""What a run leaves behind: the files, and what must never get into them."""

from __future__ import annotations

import csv
import html
import html.parser
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.model import CheckResult, Result, Verdict, Walls
from autograder.outline import Course
from autograder.report import write_all
from autograder.report.feedback import RunInfo, render
from autograder.report.grades import write_grades
from autograder.report.jsonl import read_jsonl, write_jsonl
from autograder.report.terminal import results_table, summary_lines
from autograder.text.clean import clean
from autograder.text.names import file_name

INFO = RunInfo("A toy course", "2030-01-02 10:00 UTC")


def check(name: str, verdict: Verdict, **more: object) -> CheckResult:
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    made = CheckResult(name, f"Title of {name}.", verdict, points, 2.0, public=False)
    return replace(made, **more)  # type: ignore[arg-type]


def result(student: str, exercise: str, verdict: Verdict, *checks: CheckResult) -> Result:
    return Result(student, exercise, "s", checks, 4.0, verdict)


@pytest.fixture
def some() -> list[Result]:
    return [
        result(
            "ann",
            "double",
            Verdict.DEFERRED,
            check("a", Verdict.PASSED),
            check("b", Verdict.DEFERRED, message="Needs a CUDA GPU."),
        ),
        result(
            "bob",
            "double",
            Verdict.FAILED,
            check("a", Verdict.FAILED, message="It was 3.", hint="Look at 2."),
        ),
        result(
            "bob",
            "stack",
            Verdict.GRADER_FAULT,
            check(
                "a",
                Verdict.GRADER_FAULT,
                max_points=4.0,
                message="test_stack.py:7: KeyError: 'expected 42'",
            ),
        ),
    ]


def test_jsonl_comes_back_as_it_was(tmp_path: Path, some: list[Result]) -> None:
    path = tmp_path / "results.jsonl"
    write_jsonl(path, some)
    assert read_jsonl(path) == some
    path.write_text(path.read_text() + '{"schema": 7}\n')
    with pytest.raises(ValueError, match=r"results.jsonl, line 4.*schema 7"):
        read_jsonl(path)


def test_a_report_that_fails_leaves_the_old_one(tmp_path: Path, some: list[Result]) -> None:
    path = tmp_path / "results.jsonl"
    write_jsonl(path, some[:1])
    before = path.read_text()
    with pytest.raises(AttributeError):
        write_jsonl(path, [some[0], None])  # type: ignore[list-item]
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def test_grades_have_a_row_a_student(tmp_path: Path, some: list[Result], toy: Course) -> None:
    path = tmp_path / "grades.csv"
    write_grades(path, some, toy)
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["student", "double", "stack", "total", "max", "deferred", "open", "faults"]
    assert rows[1] == ["ann", "2", "", "2", "4", "2", "0", "0"]
    assert rows[2] == ["bob", "0", "", "0", "4", "0", "4", "1"]


def test_a_student_called_like_a_formula_stays_text(tmp_path: Path, toy: Course) -> None:
    named = [result('=HYPERLINK("http://x")', "double", Verdict.PASSED)]
    write_grades(tmp_path / "g.csv", named, toy)
    with (tmp_path / "g.csv").open(newline="") as file:
        assert list(csv.reader(file))[1][0].startswith("'=")


def test_clean_text_hides_nothing_and_does_nothing() -> None:
    assert clean("plain\tand\nlines, ünï, 数") == "plain\tand\nlines, ünï, 数"
    assert clean("\x1b[2J\x07\r") == "\\x1b[2J\\x07\\x0d"
    assert clean("a\u202eb\ud800") == "a\\u202eb\\ud800"


@pytest.mark.parametrize(
    "student",
    ["../../etc/passwd", "", ".", "..", "con", "nul.txt", "a/b", "a\\b", "x" * 400, "Ann", "ü y"],
)
def test_names_stay_in_the_folder(student: str) -> None:
    name = file_name(student, ".html")
    assert name.endswith(".html") and len(name) < 160
    assert not set("/\\ \0") & set(name) and not name.startswith(".")


def test_names_of_different_students_differ() -> None:
    students = ["a/b", "a_b", "a b", "A_b", "a\tb", "ann", "Ann", "ANN"]
    assert len({file_name(s, ".html").lower() for s in students}) == len(students)


@pytest.mark.parametrize("student", ["bob smith", "Ann", "a/b", "", "ü\u0308", "x" * 400])
def test_nobody_can_take_the_name_of_another_page(student: str) -> None:
    stem = file_name(student, "")
    for other in (stem, stem.upper(), stem[: stem.rfind("-") + 9]):
        assert file_name(other, "").lower() != stem.lower()
    assert file_name("bob_smith-7e50351d", "") != "bob_smith-7e50351d"
    assert file_name(file_name(stem, ""), "") != stem


class _Outline(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open += [tag] if tag not in ("meta", "br") else []
        values = dict(attributes)
        self.links += [v for k in ("href", "src") if (v := values.get(k))]
        self.ids += [v for v in [values.get("id")] if v]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_self_contained_and_well_formed(some: list[Result], toy: Course) -> None:
    page = render("bob", some[1:], toy, INFO)
    seen = _Outline()
    seen.feed(page)
    assert seen.open == []
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert all(link.startswith("#") and link[1:] in seen.ids for link in seen.links)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.tags.count("h1") == 1 and '<html lang="en">' in page


def test_a_page_tells_what_to_do(some: list[Result], toy: Course) -> None:
    page = render("bob", some[1:2], toy, INFO)
    assert "It was 3." in page and "Look at 2." in page and "hidden check" in page


def test_a_fault_of_ours_is_not_explained_to_students(some: list[Result], toy: Course) -> None:
    page = render("bob", some[2:], toy, INFO)
    assert "expected 42" not in page and "not your code" in page


def test_open_points_are_not_lost_points(some: list[Result], toy: Course) -> None:
    page = render("ann", some[:1], toy, INFO)
    assert "2 of these points are still to be graded" in page and "Needs a CUDA GPU." in page


def test_nothing_of_a_submission_becomes_markup(toy: Course) -> None:
    evil = "</pre><script>alert(1)</script>\x1b[31m\u202e<img src=x onerror=y>"
    bad = result(evil, "double", Verdict.FAILED, check("a", Verdict.FAILED, message=evil))
    page = render(evil, [bad], toy, INFO)
    assert "<script" not in page and "<img" not in page and "\x1b" not in page
    assert "&lt;script&gt;" in page


def test_a_long_message_is_cut(toy: Course) -> None:
    message = "\n".join("x" * 5000 for _ in range(100))
    bad = result("ann", "double", Verdict.FAILED, check("a", Verdict.FAILED, message=message))
    assert len(render("ann", [bad], toy, INFO)) < 12_000


def test_one_reason_is_said_once(toy: Course) -> None:
    message = "Your code could not be loaded: SyntaxError: no"
    checks = [check(n, Verdict.RAISED, message=message) for n in "abcdef"]
    page = render("ann", [result("ann", "double", Verdict.RAISED, *checks)], toy, INFO)
    assert page.count("Your code could not be loaded") == page.count("SyntaxError: no") == 1


def test_everything_is_written(tmp_path: Path, some: list[Result], toy: Course) -> None:
    write_all(tmp_path, some, toy, INFO)
    assert {p.name for p in tmp_path.iterdir()} == {"results.jsonl", "grades.csv", "feedback"}
    assert {p.name for p in (tmp_path / "feedback").iterdir()} == {"ann.html", "bob.html"}
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["student"] for line in lines] == ["ann", "bob", "bob"]


@pytest.mark.parametrize("width", [22, 40, 120])
def test_the_table_fits_the_terminal(width: int, some: list[Result], toy: Course) -> None:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        console.print(results_table(some, toy, width))
        text = console.export_text()
    assert all(len(line) <= width for line in text.splitlines())
    assert "ann" in text and "2/4" in text
    assert ("FAULT" in text) is (width > 22)


def test_the_summary_counts_and_says_what_is_open(some: list[Result]) -> None:
    lines = summary_lines(some)
    assert lines[0] == "3 results: 1 failed, 1 deferred, 1 grader fault."
    assert lines[1] == "2 points are still to be graded (+): Needs a CUDA GPU."
    assert lines[2].startswith("4 points are open (!), neither earned nor lost")
    assert "without the sandbox" in summary_lines([replace(some[0], walls=Walls.NONE)])[-1]
    other = replace(some[0], graded_with="Python 3.12.3")
    said = "1 result from workers with other versions (--mixed): Python 3.12.3."
    assert summary_lines([some[1], other])[-1] == said


def test_backticks_become_code_and_nothing_else_becomes_markup(toy: Course) -> None:
    from autograder.report.feedback import _marked

    assert _marked("use `a < b` & <b>") == "use <code>a &lt; b</code> &amp; &lt;b&gt;"
    assert _marked("one ` alone") == "one ` alone"


ODD = [
    "m\udcfcller",
    "a\u2028b\u2029c\x85d",
    "[bold]x[/]",
    "\x1b[2J",
    "i\u202ee",
    "\ud800",
    "n" * 900,
    "<b>",
    "é" * 300,
]


def test_lines_are_lines_by_anybodys_rules(tmp_path: Path, toy: Course) -> None:
    odd = [
        result(name, "double", Verdict.FAILED, check("a", Verdict.FAILED, message=f"saw {name}"))
        for name in ODD
    ]
    assert write_all(tmp_path, odd, toy, INFO).failed == []
    text = (tmp_path / "results.jsonl").read_text(encoding="utf-8")
    assert text.splitlines() == text.split("\n")[:-1] and len(text.splitlines()) == len(ODD)
    read = read_jsonl(tmp_path / "results.jsonl")
    expected = [n.encode("utf-8", "replace").decode().replace("?", "\ufffd") for n in ODD]
    assert [r.student for r in read] == expected
    assert len(list((tmp_path / "feedback").iterdir())) == len(ODD)
    with (tmp_path / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(ODD) + 1 and all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        " =1+1",
        "h;=1+1",
        "h; =1",
        "'=1",
        '"=1',
        ";=1",
        "\uff1d1+1",
        " \uff0b1",
        "x;\uff20a",
        "a\n=1",
        "x\t=1",
        "\ufeff=1",
        "a,=1",
        "a|=1",
        "\u2003=1",
        '";=1',
        "\ufe661",
        "\u22121",
    ],
)
def test_no_cell_is_a_formula(name: str, tmp_path: Path, toy: Course) -> None:
    """Whatever separator a spreadsheet splits at, and whatever it strips from a cell."""
    write_grades(tmp_path / "g.csv", [result(name, "double", Verdict.PASSED)], toy)
    data = (tmp_path / "g.csv").read_bytes().decode()
    for separator in ",;\t|":
        for row in csv.reader(data.split("\r\n")[1:2], delimiter=separator):
            for cell in row:
                bare = unicodedata.normalize("NFKC", cell).strip(' \t\r\n"\ufeff')
                assert not bare.startswith(("=", "+", "-", "@", "\u2212")), (separator, row)
        for cell in data.split("\r\n")[1].split(separator):  # by one that knows no quotes
            bare = unicodedata.normalize("NFKC", cell).strip(' \t\r\n"\ufeff')
            assert not bare.startswith(("=", "+", "-", "@", "\u2212")), (separator, cell)


def test_a_name_with_a_hyphen_stays_as_it_is(tmp_path: Path, toy: Course) -> None:
    names = ["anne-marie", "o'brien", "a+b", "a@example.org", "zoë", "bob-12345", "1 = 2"]
    write_grades(tmp_path / "g.csv", [result(n, "double", Verdict.PASSED) for n in names], toy)
    with (tmp_path / "g.csv").open(newline="", encoding="utf-8") as file:
        assert sorted(row[0] for row in list(csv.reader(file))[1:]) == sorted(names)


def test_a_report_that_cannot_be_written_is_named_and_the_others_stand(
    tmp_path: Path, some: list[Result], toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.report import feedback

    def failing(folder: Path, student: str, *more: object) -> Path:
        if student == "ann":
            raise OSError(28, "No space left on device")
        return write(folder, student, *more)  # type: ignore[arg-type]

    write = feedback.write_feedback
    monkeypatch.setattr(feedback, "write_feedback", failing)
    failed = write_all(tmp_path, some, toy, INFO).failed
    assert failed == ["the page of ann was not written: No space left on device"]
    assert [p.name for p in (tmp_path / "feedback").iterdir()] == ["bob.html"]
    assert read_jsonl(tmp_path / "results.jsonl") == some


def test_nothing_is_written_through_a_link(tmp_path: Path, some: list[Result], toy: Course) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    kept = elsewhere / "kept"
    kept.write_text("kept")
    (out / "feedback").symlink_to(elsewhere)
    (out / "results.jsonl").symlink_to(kept)
    (out / "grades.csv").symlink_to(kept)
    (failed,) = write_all(out, some, toy, INFO).failed
    assert "feedback" in failed and "symbolic link" in failed
    assert [p.name for p in elsewhere.iterdir()] == ["kept"] and kept.read_text() == "kept"
    assert len(read_jsonl(out / "results.jsonl")) == len(some)
    (out / "feedback").unlink()
    (out / "feedback").mkdir()
    (out / "feedback" / "ann.html").symlink_to(kept)
    assert write_all(out, some, toy, INFO).failed == [] and kept.read_text() == "kept"


def test_the_lock_and_the_store_are_no_links(tmp_path: Path) -> None:
    from autograder.grading.file_store import FileStore
    from autograder.grading.run import output_folder
    from autograder.grading.store import StoreError

    (tmp_path / "store.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="symbolic link"):
        FileStore.in_folder(tmp_path)
    (tmp_path / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError), output_folder(tmp_path):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_markup_in_a_name_is_shown_as_it_is(toy: Course) -> None:
    name = "[bold red]x[/] [link=http://e]y"
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        console.print(results_table([result(name, "double", Verdict.PASSED)], toy, 80))
        text = console.export_text()
    assert "[bold red]x[/]" in text and "[link=" in text.replace("\n", "")
