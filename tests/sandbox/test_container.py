"""The walls of a container, in a machine like one: what other files test there, and its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers import ROOT, in_container, lacking

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking() or "-")

FILES = {
    "test_conformance.py": "container",
    "test_stopped.py": "container",
    "test_in_container.py": "",
}
"""Tests that need a worker in their own process, and which of them; all if that is empty."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILES)
def test_inside(name: str) -> None:
    """Run a file of tests as root of a container with Docker's capabilities and no network."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [str(Path(__file__).with_name(name)), "-k", FILES[name] or "test", "-rs"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        in_container(command), cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert "passed" in done.stdout
    assert all("control group" in line for line in skipped), skipped
