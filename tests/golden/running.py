"""One road's commands, run in a temporary folder, and what they leave, saved as plain text."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.golden import normalising

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 3600  # seconds for one command

PROGRAMS = {"autograde": "autograder.cli", "kata": "autograder.kata.cli", "nbgrader": "nbgrader"}

Normaliser = Callable[[str, dict[Path, str]], str]


def environment(work: Path, **changes: str) -> dict[str, str]:
    """This environment, without what would change a command's ways; the checkout comes first."""
    ours = ("KATA_", "NO_COLOR", "FORCE_COLOR", "PYTEST_", "JUPYTER_", "CLICOLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "LOGNAME": "ann",
        "JUPYTER_CONFIG_DIR": str(work / "no-config"),
        "CUDA_VISIBLE_DEVICES": "",  # the same checks are deferred on every machine
        **changes,
    }


@dataclass(frozen=True, slots=True)
class Road:
    """Where commands run (``work``, emptied by nobody) and where the texts go (``target``)."""

    work: Path
    target: Path

    @property
    def folders(self) -> dict[Path, str]:
        return {ROOT: "<checkout>", self.work.resolve(): "<work>", self.work: "<work>"}

    def run(
        self,
        name: str,
        command: str,
        cwd: str = ".",
        normalise: Normaliser = normalising.text,
        **variables: str,
    ) -> None:
        """Run ``autograde …``, ``kata …`` or ``nbgrader …`` and save its screen as ``name``.

        ``command`` is split as a shell would split it; ``{root}`` in it is the checkout. A
        failure is saved as well: whether it was meant to fail is for the comparison to say.
        """
        program, *arguments = shlex.split(command.format(root=shlex.quote(str(ROOT))))
        done = subprocess.run(
            [sys.executable, "-m", PROGRAMS[program], *arguments],
            cwd=self.work / cwd,
            env=environment(self.work, **variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )
        shown = "".join(f"{key}={value} " for key, value in variables.items())
        parts = [f"$ {shown}{command.format(root='<checkout>')}\nexit code {done.returncode}\n"]
        for stream, output in (("stdout", done.stdout), ("stderr", done.stderr)):
            if output:
                said = normalise(output.decode(errors="backslashreplace"), self.folders)
                parts.append(f"---- {stream}\n{said}")
        self.save(name, "".join(parts))

    def save(self, name: str, content: str) -> None:
        """``content`` as ``name``, under a name that no tool takes for a test or a page."""
        path = self.target / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")

    def keep(self, paths: Iterable[Path], normalise: Normaliser = normalising.text) -> None:
        """Save files of the work folder under the names that they have there."""
        for path in sorted(paths):
            content = path.read_text(encoding="utf-8", errors="backslashreplace")
            name = path.relative_to(self.work).as_posix()
            self.save(name, normalise(content, self.folders))

    def names(self, name: str, folder: Path) -> None:
        """Save the names of all files under ``folder``."""
        files = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        self.save(name, "".join(f"{file}\n" for file in sorted(files)))
