"""Fixtures that the project's own tests share."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import outline
from autograder.outline import Course
from autograder.sandbox import bubblewrap

sys.path.insert(0, str(Path(__file__).parent))
from postgres import server, server_programs

# A shell that starts the tests in the background has them ignore ctrl-C, and all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TOY = Path(__file__).parent / "toy_course"


@pytest.fixture(scope="session")
def toy() -> Course:
    """The toy course: three exercises that the engine has never heard of."""
    return outline.load(TOY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL database; skips where no server is installed."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def walls() -> None:
    """Skip where no wall can be built."""
    reason = bubblewrap.probe()
    if reason:
        pytest.skip(reason)
