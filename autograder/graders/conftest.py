"""For ``pytest autograder/graders --submission PATH``; the judge itself reads no conftest."""

from autograder.plain import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]
