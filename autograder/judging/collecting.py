"""How a judge's pytest session comes to its graders."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


class Graders:
    """Collects the graders' files. As arguments of pytest, ``[``, ``::`` and ``$`` in the name of
    a course's folder would mean something; and pytest would list every folder on the way there."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        modules = [_CheckFile.from_parent(session, path=path) for path in self.paths]
        session.items = [item for module in modules for item in session.genitems(module)]
        session.testscollected = len(session.items)
        hook = session.config.hook
        hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items
        )
        return True


class _CheckFile(pytest.Module):
    """A file with checks, which may import modules of its folder (``from .common import …``)
    where that is a package.

    pytest would call the package by the folder's name alone. A private grader of the same exercise,
    or any module that is loaded here and called like it, would then be taken in its place.
    """

    def _getobj(self) -> Any:
        if not _is_package(self.path.parent):
            return super()._getobj()  # type: ignore[no-untyped-call]
        try:
            name = f"{_package(self.path.parent)}.{self.path.stem.replace('.', '_')}"
            return _module(name, self.path)
        except Exception as error:
            raise self.CollectError(f"{type(error).__name__}: {error}") from error


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


def _package(folder: Path) -> str:
    """Import a package and those that it lies in; returns its name, which no other folder has."""
    if _is_package(folder.parent) and folder.name.isidentifier():
        name = f"{_package(folder.parent)}.{folder.name}"
    else:
        name = f"kata_grader_{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    _module(name, folder / "__init__.py", [str(folder)])
    return name


def _module(name: str, path: Path, folders: list[str] | None = None) -> ModuleType:
    """The module of a file, imported once; ``folders`` makes it a package."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
