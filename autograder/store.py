"""The name that courses' ``nbgrader_config.py`` imports.

See :mod:`autograder.grading.database`.
"""

from autograder.grading.database import database_url

__all__ = ["database_url"]
