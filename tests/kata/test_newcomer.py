"""A newcomer's first day at a real terminal, from ``kata init`` to ``autograde grade``."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.kata.terminals import WAIT, Terminal, programs

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = ROOT / "tests/specimens/ch02_iterators_generators/count_up"
SOLUTION = ROOT / "solutions/ch02_iterators_generators/count_up.py"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path, programs(tmp_path / "bin"))
    yield made
    made.close()


def test_from_init_to_grade(terminal: Terminal, tmp_path: Path, walls: None) -> None:
    do = terminal.type
    shown, code = do("kata init")
    assert code == 0 and "Now: cd kata && kata" in shown
    shown, _ = do("cd kata && kata")
    assert "Next: " in shown and "kata show " in shown and "0 of " in shown
    shown, _ = do("kata show count_up")
    assert "class CountUp" in shown and "An iterator over the whole numbers" in shown
    shown, code = do("kata check count_up")
    assert code == 1 and "replace the line that raises NotImplementedError" in shown
    assert "Checking count_up …" in shown
    target = "exercises/ch02_iterators_generators/count_up.py"
    do(f"cp {SPECIMENS}/wrong_zero_based.py {target}")
    shown, code = do("kata check")
    assert code == 1 and "starts at 0: it yielded [0, 1, 2]. The first value is 1." in shown
    assert "4 of 8 checks passed." in shown
    shown, _ = do("kata hint count")
    assert "hint 1 of 3" in shown
    assert "hint 2 of 3" in do("kata hint count")[0]
    shown, code = do("kata solution count_up")
    assert code == 1 and "is not passed yet" in shown
    do(f"cp {SPECIMENS}/right_wraps_range.py {target}")
    shown, code = do("kata check count_up")
    assert code == 0 and "All 8 checks passed." in shown and "Peak memory" in shown
    shown, code = do("kata solution count_up")
    assert code == 0 and "The reference" in shown and "DataLoader" in shown
    shown, _ = do("kata next")
    assert "Next: " in shown and "Next: count_up" not in shown
    assert " 1 of " in do("kata")[0]
    shown, code = do("kata submit", "Your name")
    assert code == 0 and "ann.zip is packed: 1 exercise, 1 passed here." in shown
    shown, code = do("kata reset count_up")
    assert code == 0 and ".kata/kept/count_up-" in shown
    assert " 1 of " not in do("kata")[0]
    shown, code = do("autograde grade ann.zip --only count_up --out out")
    assert code == 0
    row = json.loads((tmp_path / "kata/out/results.jsonl").read_text())
    assert (row["student"], row["points"], row["verdict"]) == ("ann", 10, "passed")


def test_ctrl_c_breaks_off_a_check(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("kata init && cd kata")
    path = tmp_path / "kata/exercises/ch02_iterators_generators/count_up.py"
    path.write_text("print('now running', flush=True)\nwhile True:\n    pass\n")
    terminal.child.sendline("kata check count_up; echo code=$?=")
    marker = f"submission/count_up.py:{os.getpid()}"
    _wait_for_worker(terminal.child.pid)
    terminal.child.sendintr()
    terminal.child.expect(r"code=(\d+)=")
    # The interrupt may come before there is anything to break off.
    assert terminal.child.match[1] in ("130", "1"), marker
    assert "Traceback" not in terminal.child.before


def _wait_for_worker(shell: int) -> None:
    """Until the zygote below a shell has a child of its own."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        below = psutil.Process(shell).children(recursive=True)
        for process in below:
            with contextlib.suppress(psutil.NoSuchProcess):
                if "autograder.sandbox.inside.zygote" in process.cmdline() and process.children():
                    return
        time.sleep(0.1)
    raise AssertionError("no worker was started")
