"""Fixtures that the project's own tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import outline
from autograder.outline import Course
from autograder.sandbox import bubblewrap

TOY = Path(__file__).parent / "toy_course"


@pytest.fixture(scope="session")
def toy() -> Course:
    """The toy course: three exercises that the engine has never heard of."""
    return outline.load(TOY)


@pytest.fixture(scope="session")
def walls() -> None:
    """Skip where no wall can be built."""
    reason = bubblewrap.probe()
    if reason:
        pytest.skip(reason)
