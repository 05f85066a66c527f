"""What lesson notebooks import: see :mod:`autograder.authoring.pictures`."""

from autograder.authoring.pictures import show

__all__ = ["show"]
