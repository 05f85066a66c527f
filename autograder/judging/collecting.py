"""How a judge's pytest is called, and how it comes to its graders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECK_DEADLINE = 300
"""Seconds after which pytest-timeout ends a check: the judge hung, which is our fault."""


class Graders:
    """Collects the graders' files. As arguments of pytest, ``[``, ``::`` and ``$`` in the name of
    a course's folder would mean something; and pytest would list every folder on the way there."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        modules = [pytest.Module.from_parent(session, path=path) for path in self.paths]
        session.items = [item for module in modules for item in session.genitems(module)]
        session.testscollected = len(session.items)
        hook = session.config.hook
        hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items
        )
        return True


ARGUMENTS = (
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
"""Options of a judge's pytest: nothing of the folder that it is started in counts."""

OWN_PROCESS = (
    # Plugins of other packages are not looked for (`environment.helper`); this one is ours.
    "-p",
    "pytest_timeout",
    f"--timeout={CHECK_DEADLINE}",
    "-p",
    "no:cacheprovider",
    "-q",
)
