"""The name under which pytest loads the plugin: ``pytest -p autograder.plain``.

See :mod:`autograder.pytest_plugin`.
"""

from autograder.pytest_plugin import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]
