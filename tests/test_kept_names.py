"""Names that stand in users' files keep working, wherever the code behind them has moved."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("autograder.checks", "check expect fail needs same show difference error_name"),
        ("autograder.plain", "pytest_addoption pytest_configure"),
        ("autograder.kata", "load_ipython_extension unload_ipython_extension"),
        ("autograder.notebooks.pictures", "show"),
        ("autograder.store", "database_url"),
        ("autograder.gradebook.preprocessors", "ClearExercises InsertResults SaveMarks"),
        ("autograder.gradebook.exporter", "SubmissionExporter keep_renamed"),
        ("autograder.gradebook.late", "LatePenalty"),
    ],
)
def test_a_name_of_users_files(module: str, names: str) -> None:
    if module.startswith("autograder.gradebook"):
        pytest.importorskip("nbgrader")
    loaded = importlib.import_module(module)
    assert [name for name in names.split() if not hasattr(loaded, name)] == []
