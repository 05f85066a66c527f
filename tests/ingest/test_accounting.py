"""Entries met = graded + refused + named, whatever lies in the folder.

``KATA_TREES=2000`` looks at so many trees; ``python -m tests.ingest.accounting`` at seeds, faster.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from autograder.outline import Course
from tests.ingest.accounting import planted, unaccounted
from tests.ingest.contents import DOUBLE
from tests.ingest.packing import zipped

TREES = int(os.environ.get("KATA_TREES", "12"))


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is left in the folder that the tests are started in."""
    set_hypothesis_home_dir(tmp_path_factory.mktemp("hypothesis"))


@settings(
    max_examples=TREES,
    derandomize=TREES <= 12,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rng=st.randoms(use_true_random=False))
def test_nothing_is_unaccounted_for(rng: random.Random, toy: Course) -> None:
    assert planted(rng, toy) == []


def test_nothing_is_unaccounted_for_in_fuller_trees(toy: Course) -> None:
    """Hypothesis keeps its trees small; those from seeds have more in them."""
    for seed in range(2 * TREES):
        assert planted(random.Random(seed), toy) == [], seed


def test_members_of_archives_are_entries_too(tmp_path: Path, toy: Course) -> None:
    members = {"hw/double.py": DOUBLE, "hw/notes.txt": b"hello\n", "__MACOSX/._double.py": b"\0"}
    for name in ("ann", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.zip").write_bytes(zipped(members))
    (tmp_path / "cem.zip").write_bytes(zipped(members))
    assert unaccounted(tmp_path, toy) == []
