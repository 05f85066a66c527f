"""``kata watch`` at a real terminal: saves, keys, syntax errors, deleted files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import outline
from autograder.kata import setup
from autograder.kata.workspace import Workspace
from tests.kata.kata_support import BAD, GOOD, KATA, environment, write

pexpect = pytest.importorskip("pexpect")
if not hasattr(pexpect, "spawn"):
    pytest.skip("no pseudo-terminals on this system", allow_module_level=True)

WAIT = 60
LOOP = "import time\nprint('started', flush=True)\nwhile True:\n    time.sleep(0.01)\n"


class Watching:
    """A running ``kata watch``."""

    def __init__(
        self, space: Workspace, *arguments: str, columns: int = 80, rows: int = 40, **env: str
    ) -> None:
        values = environment(**env)
        values.pop("COLUMNS")
        self.child: Any = pexpect.spawn(
            KATA[0],
            [*KATA[1:], "watch", *arguments],
            cwd=str(space.root),
            env=values,
            encoding="utf-8",
            dimensions=(rows, columns),
            timeout=WAIT,
        )

    def until(self, words: str) -> str:
        """What was shown until ``words`` came; breaks of lines count as blanks."""
        pattern = r"\s+".join(map(re.escape, words.split()))
        self.child.expect(pattern)
        return str(self.child.before + self.child.after)

    def quit(self) -> int:
        self.child.send("q")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus)


@pytest.fixture
def start(space: Workspace) -> Iterator[Any]:
    running: list[Watching] = []

    def make(*arguments: str, **options: Any) -> Watching:
        running.append(Watching(space, *arguments, **options))
        return running[-1]

    yield make
    for each in running:
        each.child.close(force=True)


def test_a_check_that_takes_long_is_announced(space: Workspace, start: Any) -> None:
    watch = start("double")
    watch.until("watching double")
    write(space, "double", BAD)
    watch.until("double(2) returned 6.")  # the first check, which is announced as well, is over
    write(space, "double", LOOP)
    watch.until("Checking double …")
    assert watch.quit() == 0


def test_the_list_fits_on_the_screen(tmp_path: Path) -> None:
    made = setup.init(tmp_path / "kata", outline.load())
    watch = Watching(made.workspace, "count_up")
    try:
        watch.until("watching count_up")
        watch.child.send("l")
        shown = watch.until("The other chapters: kata list")
        assert "2. Iterators and generators (0 of " in shown and "1. " not in shown
        assert watch.quit() == 0
    finally:
        watch.child.close(force=True)


def test_a_session(space: Workspace, start: Any) -> None:
    watch = start("double")
    watch.until("watching double")
    write(space, "double", BAD)
    watch.until("double(2) returned 6.")
    watch.until("0 of 2 checks passed.")
    write(space, "double", "def double(x\n")
    watch.until("SyntaxError")
    path = write(space, "double", GOOD)
    watch.until("All 2 checks passed.")
    watch.until("watching double")
    path.unlink()
    watch.until("is not there")
    watch.until("watching double")
    # As editors save: a new file takes the old one's place.
    new = path.with_name("double.py.tmp")
    new.write_text(BAD)
    new.replace(path)
    watch.until("double(2) returned 6.")
    watch.until("watching double")
    watch.child.send("h")
    watch.until("1. Twice.")
    watch.child.send("l")
    watch.until("Primes")
    watch.child.send("r")
    watch.until("Press r again")
    watch.child.send("r")
    watch.until("What you had is in:")
    assert space.is_stub(space.course.exercise("double"))
    # It stays where it is until it is asked.
    write(space, "double", GOOD)
    watch.until("All 2 checks passed.")
    watch.until("watching double")
    watch.child.send("n")
    watch.until("watching stack")
    # Saving another exercise moves there, too.
    write(space, "double", GOOD)
    watch.until("All 2 checks passed.")
    watch.until("watching double")
    assert watch.quit() == 0


def test_the_newest_save_wins(space: Workspace, start: Any) -> None:
    watch = start("double")
    watch.until("watching double")
    # Each of these would run into its time limit; none of them may be waited for.
    for _ in range(3):
        write(space, "double", LOOP + f"# {_}\n")
        watch.child.expect(pexpect.TIMEOUT, timeout=0.3)
    write(space, "double", GOOD)
    shown = watch.until("All 2 checks passed.")
    assert "timed out" not in shown.lower()
    assert watch.quit() == 0


def test_narrow_plain_and_without_colour(space: Workspace, start: Any) -> None:
    write(space, "double", BAD)
    narrow = start("double", columns=30, NO_COLOR="1")
    shown = narrow.until("0 of 2 checks passed.")
    assert "\x1b[3" not in shown and "double(2) returned 6." in shown
    assert max(len(row.strip()) for row in shown.replace("\x1b[H\x1b[2J", "\n").split("\n")) <= 30
    assert narrow.quit() == 0
    plain = start("double", "--plain")
    shown = plain.until("0 of 2 checks passed.")
    assert "\x1b" not in shown and "not yet: double(2) is 4." in shown and "✗" not in shown
    assert plain.quit() == 0


def test_ctrl_c_ends_it_and_gives_the_terminal_back(space: Workspace, start: Any) -> None:
    write(space, "double", LOOP)
    watch = start("double")
    watch.until("Checking double")
    watch.child.sendintr()
    watch.child.expect(pexpect.EOF)
    watch.child.close()
    assert watch.child.exitstatus == 130
    assert "Traceback" not in watch.child.before


def test_a_lost_folder_is_no_end(space: Workspace, start: Any) -> None:
    watch = start("double")
    watch.until("watching double")
    folder = space.root / "exercises"
    away = space.root / "away"
    shutil.move(folder, away)
    watch.child.expect(pexpect.TIMEOUT, timeout=1.5)
    shutil.move(away, folder)
    watch.child.expect(pexpect.TIMEOUT, timeout=1.5)
    write(space, "double", GOOD)
    watch.until("All 2 checks passed.")
    assert watch.quit() == 0


def test_without_a_terminal(space: Workspace, tmp_path: Path) -> None:
    import subprocess

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    write(space, "double", GOOD)
    running = subprocess.Popen(
        [*KATA, "watch", "double"],
        cwd=space.root,
        env=environment(TMPDIR=str(scratch)),
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    shown = ""
    for line in running.stdout:
        shown += line
        if "watching double" in line and "All 2" in shown:
            break
    assert "ctrl-C ends" in shown and "\x1b" not in shown
    running.terminate()
    running.communicate(timeout=60)
    assert running.returncode == 128 + 15 and list(scratch.iterdir()) == []


def test_a_text_longer_than_the_screen_has_the_pager_and_the_pager_has_the_keys(
    space: Workspace, start: Any, tmp_path: Path
) -> None:
    pager = tmp_path / "pager"
    pager.write_text("cat\nprintf 'the end'\nread -r keys </dev/tty\necho had-$keys\n")
    write(space, "double", GOOD)
    watch = start("double", rows=8, PAGER=f"sh {pager}")
    watch.until("watching double")
    watch.child.send("s")
    assert "def double" in watch.until("the end")
    watch.child.send("hhhhhhnlq\n")
    watch.until("had-hhhhhhnlq")
    watch.until("watching double")
    assert watch.quit() == 0


def test_on_the_shortest_screen_the_first_failure_keeps_its_words() -> None:
    from autograder.kata.lines import CONTRACT, Line, fitted

    found = [Line("head", "x")]
    for number in range(5):
        found += [Line("bad", f"bad {number}"), Line("message", "why", level=1)]
        found += [Line("quiet", f"{CONTRACT} that", level=1)]
    found.append(Line("summary", "0 of 5"))
    texts = [line.text for line in fitted(found, 6, lambda line: 1)]
    assert texts[:3] == ["x", "bad 0", "why"] and texts[-1] == "0 of 5" and len(texts) <= 6
    assert texts[-2].startswith("4 more checks failed")


def test_a_long_report_fits_the_screen() -> None:
    from autograder.kata.lines import Line, fitted

    found = [Line("head", "x")]
    for number in range(10):
        found += [Line("good", f"good {number}"), Line("measured", "1 ms", level=1)]
        found += [Line("bad", f"bad {number}"), Line("message", "why", level=1)]
    found.append(Line("summary", "10 of 20"))
    assert fitted(found, 100, lambda line: 1) == found
    small = fitted(found, 15, lambda line: 1)
    assert len(small) <= 15 and small[0].kind == "head" and small[-1].kind == "summary"
    assert [line.text for line in small if line.kind == "good"] == ["10 checks passed"]
    assert [line.text for line in small if line.kind == "bad"] == [f"bad {n}" for n in range(10)]
    at = [line.text for line in small].index("bad 0")
    assert small[at + 1].text == "why"
