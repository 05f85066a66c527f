"""A pytest session that collects graders once and then stays open for a judge's jobs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import environment
from autograder.judging import checks
from autograder.judging.collecting import Graders
from autograder.judging.judge import Judge

CHECK_DEADLINE = 300
"""Seconds after which pytest-timeout ends a check: the judge hung, which is our fault."""

_ARGUMENTS = (
    "-c",
    os.devnull,
    "--rootdir",
    "/",
    "--noconftest",
    "--import-mode=importlib",
    "--continue-on-collection-errors",
    "--assert=plain",
    "--capture=no",
)
"""Nothing of the folder that the session is started in counts."""

_OWN_PROCESS = (f"--timeout={CHECK_DEADLINE}", "-q")

_NOT_NEEDED = (
    "cacheprovider",
    "junitxml",
    "pastebin",
    "doctest",
    "logging",
    "faulthandler",
    "unraisableexception",
    "threadexception",
    "warnings",
    "stepwise",
    "setuponly",
    "setupplan",
    "tmpdir",
    "unittest",
    "nose",
    "legacypath",
    "recwarn",
    "debugging",
    "subtests",
)
"""Plugins of pytest that no grader needs: each takes its part of a start."""

_SHARED = ("terminal", "terminalreporter")
"""Those that reach into the process they run in, too."""


def _without(names: tuple[str, ...]) -> list[str]:
    return [a for name in names for a in ("-p", f"no:{name}")]


def run(
    graders: list[Path],
    judge: Callable[[], Judge],
    serve: Callable[[Judge], None],
    *,
    own_process: bool = True,
) -> int:
    """Collect ``graders``, then let ``serve`` give jobs to the judge; returns pytest's exit code.

    ``judge`` is called once, when pytest has been imported and set up. With ``own_process`` this
    process does nothing else; otherwise the session shares it with a user's program.
    """
    arguments = [*_ARGUMENTS, *_without(_NOT_NEEDED)]
    plugins = [checks, Graders(graders), _Session(judge, serve)]
    if own_process:
        import pytest_timeout

        # By itself: by its name, pytest would look through all packages that are installed.
        return int(pytest.main([*arguments, *_OWN_PROCESS], plugins=[*plugins, pytest_timeout]))
    # Nor does the shell's PYTEST_ADDOPTS count; and looking for plugins costs more than the checks.
    with environment.without_pytest_settings():
        return int(pytest.main([*arguments, *_without(_SHARED)], plugins=plugins))


class _Session:
    """Brings the judge into the session, and runs its jobs where pytest would run its items."""

    def __init__(self, judge: Callable[[], Judge], serve: Callable[[Judge], None]) -> None:
        self._make, self._serve = judge, serve

    def pytest_configure(self, config: pytest.Config) -> None:
        self.judge = self._make()
        config.stash[checks.ROOMS] = self.judge.rooms
        config.pluginmanager.register(self.judge)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool:
        self._serve(self.judge)
        return True
