"""A shell in a terminal, as a newcomer has it.

Tests that import this are skipped where there are no pseudo-terminals.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.kata.kata_support import environment

pexpect = pytest.importorskip("pexpect")
if not hasattr(pexpect, "spawn"):
    pytest.skip("no pseudo-terminals on this system", allow_module_level=True)

WAIT = 120
"""Seconds until a command is given up: long, because it only ends what hangs."""
_PROMPT = "(ann) $ "
_PROGRAMS = {"kata": "autograder.kata.cli", "autograde": "autograder.cli"}


def programs(folder: Path) -> Path:
    """Write ``kata`` and ``autograde`` into a new folder, and return it."""
    folder.mkdir(parents=True)
    for name, module in _PROGRAMS.items():
        script = folder / name
        # -P: a program that pip installs imports nothing from the folder it is called in.
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m {module} "$@"\n')
        script.chmod(0o755)
    return folder


class Terminal:
    """A shell in a terminal of 80 columns; ``bin`` is put in front of its path, if given."""

    def __init__(self, folder: Path, bin: Path | None = None, **changes: str) -> None:
        path = os.environ["PATH"]
        settings = {
            "PATH": f"{bin}:{path}" if bin else path,
            "PS1": _PROMPT,
            "HOME": str(folder),
            "USER": "ann",
            "LOGNAME": "ann",
            "LC_ALL": "C.UTF-8",
            "PAGER": "cat",
        }
        env = environment(**settings, **changes)
        env.pop("COLUMNS")
        self.child = pexpect.spawn(
            "/bin/sh", cwd=str(folder), env=env, encoding="utf-8", dimensions=(40, 80), timeout=WAIT
        )
        self.child.expect_exact(_PROMPT)

    def type(self, line: str, asked: str = "") -> tuple[str, int]:
        """Run a command line; what it showed (as one line) and its exit code. A question that it
        asks is answered with Enter."""
        self.child.sendline(line)
        if asked:
            self.child.expect_exact(asked)
            self.child.sendline("")
        return self.ended()

    def ended(self) -> tuple[str, int]:
        """What the command that runs has shown since the last look at it, and its exit code."""
        self.child.expect_exact(_PROMPT)
        shown = self.child.before
        self.child.sendline("echo code=$?=")
        self.child.expect(r"code=(\d+)=")
        code = int(self.child.match[1])
        self.child.expect_exact(_PROMPT)
        return " ".join(plain(shown).split()), code

    def close(self) -> None:
        self.child.close(force=True)


def plain(text: str) -> str:
    """A text without the escapes that colour it."""
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text)
