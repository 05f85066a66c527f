"""Moved to :mod:`autograder.judging.vocabulary.servers`; the old name keeps working."""

from autograder.judging.vocabulary.servers import LIBRARY, WAITING_ROOM

__all__ = ["LIBRARY", "WAITING_ROOM"]
