"""A Dask scheduler on a free port of 127.0.0.1, with workers and coordinators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.yard import Yard


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """The process that the others are forks of."""
    started = Yard(tmp_path_factory.mktemp("yard"))
    yield started
    started.close()


@pytest.fixture
def yard(forks: Yard, tmp_path: Path) -> Iterator[Yard]:
    """What starts schedulers, workers and coordinators; all end with the test."""
    folder = tmp_path / "yard"
    folder.mkdir()
    forks.clear(folder)
    try:
        yield forks
    finally:
        forks.clear(folder)


@pytest.fixture
def class_of(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Makes a class in a folder from texts of ``double`` by student."""

    def make(texts: dict[str, str]) -> Path:
        root = tmp_path / "class"
        for student, text in texts.items():
            (root / student).mkdir(parents=True)
            (root / student / "double.py").write_text(text)
        return root

    return make
