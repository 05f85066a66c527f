"""How a judge's pytest session comes to its graders."""

from __future__ import annotations

from pathlib import Path

import pytest


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
