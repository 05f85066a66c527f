"""A self-learner's notebook in JupyterLab: fail, hint, endless loop, pass; the kernel lives. What
the magics show is readable in the light and the dark theme.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyterlab")
pytest.importorskip("playwright")
pytest.importorskip("nbgrader")

from autograder import outline
from autograder.kata import setup
from autograder.kata.workspace import find
from tests.notebooks.test_browser import CHROMIUM, SPECIMENS, browser, jupyter, picture

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
CHAPTER = "ch02_iterators_generators"
LOOP = "%%check count_up\nwhile True:\n    pass\n"


def _run(page: Any, cell: Any, text: str | None = None) -> Any:
    """Run a cell, its text replaced first; its output area once it has ended."""
    cell.locator(".cm-content").click()
    if text is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)
    before = cell.locator(".jp-InputPrompt").first.inner_text()
    page.keyboard.press("Control+Enter")
    ended = re.compile(r"^\[(?!\*)\d+\]:$")
    for _ in range(1200):
        now = cell.locator(".jp-InputPrompt").first.inner_text()
        if ended.match(now) and now != before:
            break
        page.wait_for_timeout(100)
    return cell.locator(".jp-OutputArea")


class Themes:
    """Looks at an output area in both themes with axe (WCAG 2.2 AA, and what axe thinks best)."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def look(self, shown: Any, name: str) -> None:
        """Find nothing wrong with the output area of a cell."""
        shown.evaluate("area => area.id = 'looked-at'")
        for theme in ("JupyterLab Dark", "JupyterLab Light"):
            change = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
            self.page.evaluate(change, theme)
            light = "true" if theme.endswith("Light") else "false"
            self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")
            shown.scroll_into_view_if_needed()
            self.page.wait_for_timeout(500)  # colours fade from one theme to the other
            picture(self.page, f"kata-jupyterlab-{name}-{theme.split()[-1].lower()}")
            found = self.axe.run(self.page, "#looked-at")
            assert found.violations_count == 0, found.generate_report()
            unsure = [one["id"] for one in found.response["incomplete"]]
            assert "color-contrast" not in unsure, found.response["incomplete"]
        shown.evaluate("area => area.removeAttribute('id')")


def test_a_self_learner(tmp_path: Path) -> None:
    root = tmp_path / "kata"
    setup.init(root, outline.load())
    wrong = (SPECIMENS / "wrong_zero_based.py").read_text()
    right = (SPECIMENS / "right_wraps_range.py").read_text()
    with jupyter(root, tmp_path / "home") as address, browser() as page:
        themes = Themes(page)
        page.goto(f"{address}/login?token=kata&next=/lab/tree/notebooks/{CHAPTER}.ipynb")
        cells = page.locator(".jp-CodeCell")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.locator("h1", has_text="Iterators and generators").first.wait_for()
        _run(page, page.locator(".jp-CodeCell", has_text="%load_ext autograder.kata").first)
        _run(page, page.locator(".jp-CodeCell", has_text="class CountUp").first)
        cells.filter(has_text="%check count_up").last.locator(".cm-content").click()
        cell = page.locator(".jp-CodeCell.jp-mod-selected")
        shown = _run(page, cell)
        assert "replace the line that raises NotImplementedError" in shown.inner_text()
        shown = _run(page, cell, f"%%check count_up\n{wrong}")
        assert "CountUp(3) starts at 0" in shown.inner_text()
        themes.look(shown, "not-yet")
        shown = _run(page, cell, LOOP)
        assert "Timed out after" in shown.inner_text()
        themes.look(shown, "timeout")
        shown = _run(page, cell, f"%%check count_up\n{right}")
        assert "All 8 checks passed." in shown.inner_text()
        themes.look(shown, "passed")
        for magic, words in {
            "%hint count_up": "hint 1 of 3",
            "%show count_up": "An iterator over the whole numbers",
            "%solution count_up": "The reference",
            "%progress": "1 of ",
            "%next": "Next: ",
            "%lesson count_up": "iterator",
            "%reset count_up": ".kata/kept/",
        }.items():
            shown = _run(page, cell, magic)
            assert words in shown.inner_text()
            themes.look(shown, magic.split()[0][1:])
        shown = _run(page, cell, f"%%check count_up --save\n{right}")
        shown = _run(page, cell, "list(CountUp(4))")
        assert "[1, 2, 3, 4]" in shown.inner_text()
    space = find(root)
    assert space.progress.standing("count_up").state == "passed"
    assert space.source(space.course.exercise("count_up")).decode().strip() == right.strip()
