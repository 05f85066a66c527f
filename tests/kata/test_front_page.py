"""A newcomer types into a terminal what the first pages tell them to, from the site's front page to
a passed exercise, a bug that is found and fixed, and a submission.

The commands are taken from the pages: one that does not work fails here. What a newcomer thinks up
is the test's own: the answer, the call that proves the bug, its fix.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import outline
from tests.kata.terminals import Terminal, programs

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch02_iterators_generators"
SPECIMENS = ROOT / "tests" / "specimens" / CHAPTER / "count_up"
WRONG = (SPECIMENS / "wrong_zero_based.py").read_text("utf-8")
RIGHT = (SPECIMENS / "right_wraps_range.py").read_text("utf-8")
FRONT, STUDENT = "course/front.md", "docs/student.md"

pytestmark = [
    pytest.mark.usefixtures("walls"),  # `make setup` installs bubblewrap where it is missing
    pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"),
]


@dataclass(frozen=True)
class Pages:
    """The two first pages: blocks of what is typed and shown in a terminal, and the whole text."""

    front: list[str]
    student: list[str]
    text: str


def from_source() -> Pages:
    """The pages as they are written."""
    texts = [(ROOT / page).read_text("utf-8") for page in (FRONT, STUDENT)]
    front, student = (
        re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for text in texts
    )
    return Pages(front, student, "\n".join(texts))


def typed(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it shows."""
    commands: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        else:
            commands[-1][1].append(" ".join(line.split()))
    return commands


class Newcomer:
    """Types commands; writes what they think up with an editor that does it at once."""

    def __init__(self, home: Path) -> None:
        self.home = home
        editor = home / "editor"
        editor.write_text(f'#!/bin/sh\ncp "{home}/thought.py" "$1"\n')
        editor.chmod(0o755)
        repository = "https://github.com/kata-course/kata"
        (home / ".gitconfig").write_text(
            f'[safe]\n\tdirectory = *\n[url "{ROOT}"]\n\tinsteadOf = {repository}\n'
        )
        self.terminal = Terminal(home, EDITOR=str(editor), VISUAL="", GIT_TERMINAL_PROMPT="0")

    def thinks_of(self, answer: str) -> None:
        (self.home / "thought.py").write_text(answer)

    def types(self, command: str, shown: list[str], *, code: int = 0, asked: str = "") -> str:
        """Run a command of a page; what it shows holds what the page says that it does."""
        said, ended = self.terminal.type(command, asked)
        assert ended == code, (command, said)
        assert all(line in said for line in shown), (command, said)
        return said

    def watches(self, command: str) -> None:
        """Save a wrong answer and then a right one while ``kata watch`` looks on."""
        child = self.terminal.child
        self.thinks_of(WRONG)
        child.sendline(command)
        child.expect_exact("watching count_up")
        child.send("o")
        child.expect_exact("starts at 0: it yielded")
        child.expect_exact("watching count_up")
        self.thinks_of(RIGHT)
        child.send("o")
        child.expect_exact("All 8 checks passed.")
        child.expect_exact("watching count_up")
        child.send("q")
        _, code = self.terminal.ended()
        assert code == 0


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    made = Newcomer(tmp_path)
    yield made
    made.terminal.close()


def as_if_installed(checkout: Path) -> None:
    """Give a checkout the environment that ``make setup`` would make in minutes: this one."""
    bin = programs(checkout / ".venv" / "bin")
    (bin / "activate").write_text(f'PATH="{bin}:$PATH"\n')
    (checkout / ".venv" / ".installed").touch()


def follow_the_front_page(pages: Pages, newcomer: Newcomer) -> None:
    """From a clone to the first passed exercise."""
    (block,) = pages.front
    commands = [command for command, _ in typed(block)]
    assert [c.split()[0] for c in commands] == ["git", "make", "kata", "kata"]
    assert "Press o there" in pages.text.replace("`", "")
    clone, *others, watch = commands
    newcomer.types(clone, [])
    as_if_installed(newcomer.home / "kata")
    for command in others:
        newcomer.types(command, [])
    assert watch.startswith("kata watch count_up")
    newcomer.watches(watch)
    said, _ = newcomer.terminal.type("kata list")
    assert "✓" in said


def follow_the_students_page(pages: Pages, newcomer: Newcomer) -> None:
    """From a checkout to a passed exercise, a bug found and fixed, and a submission."""
    checkout = newcomer.home / "checkout"
    (checkout / "scripts").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "scripts/install.sh"):
        shutil.copyfile(ROOT / name, checkout / name)
    as_if_installed(checkout)
    newcomer.terminal.type("cd checkout")
    begin, go_on, bugs, *_ = pages.student
    ran = []
    for command, shown in typed(begin):
        ran.append(command.split()[0:2])
        if "kata watch" in command:
            newcomer.watches(command)
        else:
            newcomer.thinks_of(WRONG)
            newcomer.types(command, shown)
    assert [words[1] for words in ran if words[0] == "kata"] == ["init", "show", "open", "watch"]

    asking, handing_in = [command for command, _ in typed(go_on)]
    wrong = newcomer.home / "checkout" / "kata" / "bugs" / CHAPTER / "count_up.py"
    assert "count_up: a wrong answer" in newcomer.types(asking, [])
    assert wrong.is_file()
    bug = tomllib.loads((ROOT / "course" / "bugs" / CHAPTER / "count_up.toml").read_text("utf-8"))
    (checkout / "kata" / "proof.py").write_text(f"{bug['proof']}\n")
    no_proof, proof, hint, fixed = typed(bugs)
    newcomer.types(*no_proof, code=1)
    assert "That proves it wrong." in newcomer.types(*proof)
    assert bug["mistake"] in newcomer.types(*hint)
    wrong.write_text(RIGHT)
    assert "The bug is fixed. 3 of 3 points." in newcomer.types(*fixed)

    said = newcomer.types(handing_in, [], asked="Your name")
    assert "ann.zip is packed: 1 exercise, 1 passed here." in said
    assert (checkout / "kata" / "ann.zip").is_file()


def test_the_front_page_leads_to_a_passed_exercise(newcomer: Newcomer) -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    follow_the_front_page(from_source(), newcomer)


def test_the_students_page_leads_to_a_found_bug_and_a_submission(newcomer: Newcomer) -> None:
    follow_the_students_page(from_source(), newcomer)


def test_from_the_site_s_front_page(newcomer: Newcomer, tmp_path: Path) -> None:
    """In a browser: along the links of the site, then in the terminal what the pages say."""
    from tests.notebooks.test_browser import CHROMIUM, browser, picture

    pytest.importorskip("myst_nb")
    from autograder.authoring.site.build import build

    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    site = tmp_path / "site"
    build(outline.load(), site, tmp_path / "cache", run=False)
    with browser() as page:
        page.goto((site / "index.html").as_uri())
        blocks = page.locator("article .highlight-console pre")
        front, text = blocks.all_inner_texts(), page.locator("article").inner_text()
        picture(page, "site-front")
        page.locator("article").get_by_role("link", name="For students").first.click()
        page.get_by_role("heading", name="Find the bug").wait_for()
        page.locator("article a[href='#find-the-bug']").first.click()
        assert page.url.endswith("docs/student.html#find-the-bug")
        student = blocks.all_inner_texts()
        text += page.locator("article").inner_text()
    pages = Pages(front, student, text)
    source = from_source()
    for shown, written in ((pages.front, source.front), (pages.student, source.student)):
        assert [typed(block) for block in shown] == [typed(block) for block in written]
    follow_the_students_page(pages, newcomer)
