"""The base of all errors whose message is for a person, and the words for those of the system."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path


class KataError(Exception):
    """What went wrong, in words for a person: the file, the place and the fix.

    A command lets it pass. :mod:`autograder.command_line.program` prints the message after the
    command's name and ends with ``exit_code``.
    """

    exit_code = 2

    def __init__(self, message: str, *, exit_code: int | None = None) -> None:
        super().__init__(message)
        if exit_code is not None:
            self.exit_code = exit_code


@contextlib.contextmanager
def file_errors(what: str, path: Path) -> Iterator[None]:
    """Turn an ``OSError`` in the block into a :class:`KataError`: a file ``what``.

    ``what`` is, for example, "cannot be read". ``path`` is named where the error names no file.
    """
    try:
        yield
    except OSError as error:
        words = f"{error.filename or path} {what}: {error.strerror or error}"
        raise KataError(words) from None
