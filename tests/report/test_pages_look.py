"""How a feedback page looks: contrast in both schemes, its size on two screens, no script."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from autograder import outline
from autograder.model import CheckResult, Result, Verdict, overall
from autograder.outline import Course
from autograder.report import feedback
from autograder.report.feedback import RunInfo, render

CSS = (Path(feedback.__file__).parent / "templates" / "feedback.css.j2").read_text("utf-8")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SOURCE = b"class CountUp:\n    def __init__(self, limit)\n" + b"        self.limit = limit\n" * 90

TEXT = ("ink", "soft", "good", "bad", "open", "link")
GROUNDS = ("paper", "card")
AA = 4.5
"""Least ratio for text of any size (WCAG 2.2, 1.4.3)."""

AA_LINES = 3.0
"""Least ratio for what is not text and means something (1.4.11)."""


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the page, by scheme and name."""
    light, dark = re.findall(r":root \{([^}]*)\}", CSS)
    return {name: dict(re.findall(r"--(\w+): (#\w+)", css)) for name, css in _both(light, dark)}


def _both(light: str, dark: str) -> list[tuple[str, str]]:
    return [("light", light), ("dark", dark)]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rgb`` or ``#rrggbb``, as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_that_of_wcag() -> None:
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(scheme: str) -> None:
    colours = schemes()[scheme]
    for text, ground in product(TEXT, GROUNDS):
        assert ratio(colours[text], colours[ground]) >= AA, (text, ground)
    assert ratio(colours["ink"], colours["marked"]) >= AA
    for line in ("edge", "good", "bad", "open"):
        assert ratio(colours[line], colours["paper"]) >= AA_LINES, line


def test_every_colour_is_one_of_those() -> None:
    rules = re.sub(r":root \{[^}]*\}", "", CSS)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|opacity", rules)
    assert set(re.findall(r"var\(--(\w+)\)", CSS)) == set(schemes()["light"])
    assert set(schemes()["light"]) == set(schemes()["dark"])


def checks(verdict: Verdict, message: str, names: str) -> list[CheckResult]:
    most = 10 / 8
    earned = most if verdict is Verdict.PASSED else 0.0
    return [
        CheckResult(
            n, f"Title of {n}, as long as titles are.", verdict, earned, most, n == "a", message
        )
        for n in names
    ]


def class_of_36(course: Course, *found: CheckResult) -> list[Result]:
    """A student's results where nothing but ``count_up`` was handed in."""
    mine = Result("ann", "count_up", "s", found, 10.0, overall(found, untouched=False))
    return [
        mine
        if e.id == "count_up"
        else Result(
            "ann", e.id, "", (), e.points, Verdict.NOT_ATTEMPTED, f"No file {e.id}.py was found."
        )
        for e in course.exercises
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of a student who handed in ``count_up`` alone: right, wrong, with a syntax error."""
    course = outline.load()
    broken = "Your code could not be loaded: SyntaxError: expected ':'"
    place = "\n  line 2: def __init__(self, limit)"
    answers = {
        "right": checks(Verdict.PASSED, "", "abcdefgh"),
        "wrong": [
            *checks(Verdict.PASSED, "", "abcd"),
            *checks(Verdict.FAILED, f"{'long ' * 40}{'x' * 300}", "efg"),
            *checks(Verdict.DEFERRED, "Needs a CUDA GPU.", "h"),
        ],
        "syntax": checks(Verdict.RAISED, broken + place, "abcdefgh"),
    }
    folder = tmp_path_factory.mktemp("pages")
    sources = {"ann": {"count_up": (SOURCE, ())}}
    info = RunInfo(course.title, "2030-01-02 10:00 UTC", sources)
    made = {}
    for name, found in answers.items():
        made[name] = folder / f"{name}.html"
        markup = render("ann", class_of_36(course, *found), course, info)
        made[name].write_text(markup, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser without scripts."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    home = tmp_path_factory.mktemp("home")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        environment = {**os.environ, "HOME": str(home)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, env=environment)
        yield browser
        browser.close()


def opened(chromium: Any, path: Path, width: int, scheme: str, scripts: bool = False) -> Any:
    """A page on a screen of ``width`` by 800 pixels."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=scripts,
        bypass_csp=scripts,
    )
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("name", ["right", "wrong", "syntax"])
def test_a_class_of_36_is_at_most_four_screens(
    chromium: Any, pages: dict[str, Path], name: str
) -> None:
    page = opened(chromium, pages[name], 1280, "light")
    assert page.locator("html").bounding_box()["height"] <= 4 * 800
    page.context.close()


@pytest.mark.parametrize("name", ["right", "wrong", "syntax"])
def test_nothing_is_wider_than_a_phone(chromium: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(chromium, pages[name], 380, "dark", scripts=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')]"
        ".filter(e => e.getBoundingClientRect().right > 380 || e.scrollWidth > 380)"
        ".map(e => e.outerHTML.slice(0, 100))"
    )
    assert wide == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1280])
def test_axe_finds_nothing(chromium: Any, pages: dict[str, Path], scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for path in pages.values():
        page = opened(chromium, path, width, scheme, scripts=True)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        page.context.close()
