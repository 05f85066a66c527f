"""The name that courses' ``nbgrader_config.py`` imports.

See :mod:`autograder.grading.store`.
"""

from autograder.grading.store import database_url

__all__ = ["database_url"]
