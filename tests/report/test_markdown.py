"""The results of a run as Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from autograder.model import CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.report import markdown
from autograder.report.people import Person

EVIL = "| <script>x</script> `a` *b* [l](http://x) @ann #1 \n\n# h"


def result(student: str, message: str, verdict: Verdict = Verdict.FAILED) -> Result:
    check = CheckResult("test_a", EVIL, verdict, 0.0, 4.0, False, message)
    return Result(student, "double", "5eed", (check,), 4, verdict)


def page(*results: Result, course: Course) -> str:
    return markdown.render(results, course, {"ann": Person("ann", "Ann <b>")})


def test_a_class_is_a_table_and_a_part_per_student(toy: Course) -> None:
    text = page(result("bob", "No."), result("ann", "Why."), course=toy)
    heads = "| student | `double` | total |\n|---|---:|---:|\n"
    assert f"{heads}| Ann &lt;b&gt; \\(ann\\) | 0 | 0/4 |" in text
    assert text.index("<summary>Ann &lt;b&gt; (ann): 0/4</summary>") < text.index("<summary>bob")
    assert "5eed" not in text
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert html.count("<details>") == 2 and html.count("<tr>") == 3


@pytest.mark.parametrize("message", ["```\n<b>out</b>", "~~~~\n</details>", "````` a", EVIL])
def test_nothing_of_a_submission_becomes_markup(message: str, toy: Course) -> None:
    html = MarkdownIt("commonmark").render(page(result("@x|`y`<i>", message), course=toy))
    for markup in ("<b>", "<i>", "<script", "<a ", "<h1>h", "<em>"):
        assert markup not in html, html
    assert html.count("</details>") == 1 and html.count("<pre>") == 1


def test_open_points_and_faults_of_ours(toy: Course) -> None:
    fault = result("ann", "SECRET", Verdict.GRADER_FAULT)
    text = page(fault, course=toy)
    assert "SECRET" not in text and "(4 open, hidden check)" in text


def test_it_fits_a_job_summary(toy: Course, tmp_path: Path) -> None:
    results = [result(f"s{n:05}", "x" * 150) for n in range(5000)]
    markdown.write(tmp_path / "summary.md", results, toy)
    text = (tmp_path / "summary.md").read_text()
    assert 500_000 < len(text.encode()) < 1 << 20
    assert text.endswith("more: see the files of the run.\n")
