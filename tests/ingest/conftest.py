"""Fixtures that the tests of downloads share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store for all runs: the few texts that everybody hands in are graded once."""
    return tmp_path_factory.mktemp("store") / "store.sqlite"
