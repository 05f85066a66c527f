"""``%load_ext autograder.kata`` in IPython: the same words, and a kernel that stays alive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.judging.session import JudgeSession
from autograder.kata.workspace import Workspace
from tests.kata.kata_support import BAD, GOOD, write

pytest.importorskip("IPython")


@pytest.fixture
def shell(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A shell in the workspace, with the extension loaded."""
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(space.root)
    monkeypatch.setenv("IPYTHONDIR", str(space.root.parent / "ipython"))
    made = InteractiveShell()
    made.run_cell("%load_ext autograder.kata")
    yield made
    made.run_cell("%unload_ext autograder.kata")
    import atexit

    atexit.unregister(made.atexit_operations)
    made.atexit_operations()


def run(shell: Any, cell: str) -> Any:
    return shell.run_cell(cell, store_history=True)


def test_the_file_of_the_workspace(shell: Any, space: Workspace) -> None:
    write(space, "double", BAD)
    shown = run(shell, "%check double").result
    assert shown.passed is False and "double(2) returned 6." in repr(shown)
    html = shown._repr_html_()
    assert "double(2) returned 6." in html and 'aria-label="not yet"' in html
    write(space, "double", GOOD)
    assert run(shell, "%check dou").result.passed
    assert space.progress.standing("double").state == "passed"


def test_the_cell_itself(shell: Any, space: Workspace) -> None:
    shown = run(shell, "%%check double\n" + GOOD).result
    assert shown.passed and "this cell" in repr(shown)
    assert run(shell, "double(21)").result == 42
    assert "Saved to" in repr(shown) and repr(shown).count("Next: ") == 1
    shown = run(shell, "%%check double\n" + BAD).result
    assert not shown.passed and "Saved to" in repr(shown) and "earlier version" in repr(shown)
    assert space.path(space.course.exercise("double")).read_text() == BAD


def test_a_cell_that_was_run_before(shell: Any, space: Workspace) -> None:
    run(shell, GOOD)
    run(shell, "1 + 1")
    shown = run(shell, "%check double").result
    assert shown.passed and "In[" in repr(shown)
    write(space, "double", BAD)
    assert not run(shell, "%check double --file").result.passed


def test_a_file_that_was_edited_is_replaced_when_asked(shell: Any, space: Workspace) -> None:
    path = write(space, "double", BAD)
    run(shell, GOOD)
    shown = run(shell, "%check double").result
    assert shown.passed and "`%check double --save` replaces it" in " ".join(repr(shown).split())
    assert path.read_text() == BAD
    shown = run(shell, "%check double --save").result
    assert "Saved to" in repr(shown) and "earlier version" in repr(shown)
    assert path.read_text() == GOOD
    assert "aved" not in repr(run(shell, "%check double --file").result)


def test_in_a_class_the_notebook_is_the_answer(
    shell: Any, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy in the file would be a second answer as soon as the cell is edited again."""
    monkeypatch.chdir(bundle)
    path = bundle / "exercises" / "basics" / "double.py"
    stub = path.read_text()
    shown = run(shell, "%%check double\n" + GOOD).result
    assert shown.passed and "aved" not in repr(shown) and path.read_text() == stub
    shown = run(shell, "%%check double --save\n" + GOOD).result
    assert "Saved to" in repr(shown) and path.read_text() == GOOD


def test_a_cell_that_was_run_before_is_saved(shell: Any, space: Workspace) -> None:
    double = space.course.exercise("double")
    run(shell, BAD)
    shown = run(shell, "%check double").result
    assert not shown.passed and "Saved to" in repr(shown)
    assert "%hint double" in repr(shown) and "%hint double" in shown._repr_html_()
    assert "kata hint" not in repr(shown)
    assert space.path(double).read_text() == BAD


def test_the_stub_s_cell_replaces_no_file(shell: Any, space: Workspace) -> None:
    double = space.course.exercise("double")
    path = write(space, "double", GOOD)
    run(shell, space.stub(double).decode().rstrip())
    shown = run(shell, "%check double --save").result
    assert "In cell In[1], replace the line that raises" in repr(shown)
    assert "Saved to" not in repr(shown) and path.read_text() == GOOD
    # Nor does one with a comment in it, which is checked as the stub that it is.
    run(shell, "# a plan\n" + space.stub(double).decode())
    shown = run(shell, "%check double --save").result
    assert "In cell In[3], replace the line that raises" in repr(shown)
    assert "Saved to" not in repr(shown) and path.read_text() == GOOD


def test_a_stub_is_told_without_a_worker(
    shell: Any, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For an exercise with torch, that is the difference between nothing and seconds."""

    def starts(*_: object) -> None:
        raise AssertionError("a worker was asked for")

    monkeypatch.setattr(JudgeSession, "check", starts)
    run(shell, space.stub(space.course.exercise("double")).decode())
    for line in ("%check double", "%check double --file", "%check"):
        assert "replace the line that raises" in repr(run(shell, line).result)


def test_a_loop_leaves_the_kernel_alive(shell: Any) -> None:
    shown = run(shell, "%%check double\nwhile True:\n    pass\n").result
    assert "Timed out after" in repr(shown) and not shown.passed
    assert run(shell, "6 * 7").result == 42
    assert run(shell, "%%check double\n" + GOOD).result.passed


def test_hints_and_progress(shell: Any, space: Workspace) -> None:
    assert "1. Twice." in repr(run(shell, "%hint double").result)
    assert "0 of 3" in repr(run(shell, "%progress").result)
    assert space.progress.standing("double").hints == 1


def test_what_is_typed_wrong(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ("%check doubel", "%check double --fiel", "%check double stack"):
        result = run(shell, line)
        assert result.result is None and not result.success
    said = "".join(capsys.readouterr())
    assert "Did you mean double?" in said and "Traceback" not in said


def test_outside_a_workspace(shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    monkeypatch.chdir(outside)
    shown = run(shell, "%%check count_up\nclass CountUp:\n    pass\n").result
    assert shown.passed is False
    assert os.listdir(outside) == []


def test_html_escapes_what_a_student_prints(shell: Any) -> None:
    cell = "%%check double\nprint('<script>alert(1)</script>\\x1b[31m')\n" + GOOD
    html = run(shell, cell).result._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html and "\x1b" not in html


def test_a_cell_with_a_syntax_error_is_the_one_meant(shell: Any) -> None:
    run(shell, GOOD)
    run(shell, "def double(x)\n    return 1\n")
    shown = run(shell, "%check double").result
    assert not shown.passed and "SyntaxError" in repr(shown)


def test_in_a_kernel(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook as JupyterLab and VS Code run it: HTML, and a loop that ends."""
    nbclient = pytest.importorskip("nbclient")
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    sources = [
        "%load_ext autograder.kata",
        "%%check double\nwhile True: pass",
        GOOD,
        "%check double",
        "double(21)",
    ]
    book = new_notebook(cells=[new_code_cell(source) for source in sources])
    nbformat.validate(book)
    client = nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(space.root)}}
    )
    client.execute()
    _, loop, _, check, value = [c.outputs for c in book.cells]
    said = re.sub("<[^>]+>", " ", loop[0]["data"]["text/html"])
    assert "Timed out after" in said
    assert "All 2 checks passed." in check[0]["data"]["text/html"]
    assert "All 2 checks passed." in check[0]["data"]["text/plain"]
    assert value[0]["data"]["text/plain"] == "42"


def test_what_the_commands_show(shell: Any, space: Workspace) -> None:
    shown = repr(run(shell, "%show double").result)
    assert "double" in shown and "%lesson double" in shown and "kata open" not in shown
    assert "Next: " in repr(run(shell, "%next").result)
    shown = repr(run(shell, "%solution double").result)
    assert "is not passed yet" in shown and "--give-up" in shown
    assert "def double" in repr(run(shell, "%solution double --give-up").result)
    write(space, "double", GOOD)
    shown = repr(run(shell, "%reset double").result)
    assert "is the stub again" in shown and ".kata/kept/double-" in shown
    assert space.is_stub(space.course.exercise("double"))


def test_reset_without_an_exercise_is_ipythons(shell: Any) -> None:
    run(shell, "here = 1")
    run(shell, "%reset -f")
    assert "here" not in shell.user_ns


def test_check_alone_takes_the_newest_cell_that_is_an_answer(shell: Any, space: Workspace) -> None:
    run(shell, GOOD)
    run(shell, "something = 1")
    shown = run(shell, "%check").result
    assert shown.passed and "double" in repr(shown) and "Next: " in repr(shown)
    assert "%show " in repr(shown)


def test_check_alone_takes_the_file_saved_last(shell: Any, space: Workspace) -> None:
    write(space, "double", BAD)
    assert "double(2) returned 6." in repr(run(shell, "%check").result)


def test_text_has_the_colour_of_the_page(shell: Any, space: Workspace) -> None:
    write(space, "double", BAD)
    html = run(shell, "%check double").result._repr_html_()
    assert not re.search(r"[^-]color:", html) and "border-left:3px solid #d1242f" in html
