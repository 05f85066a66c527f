"""nbgrader's ``Autograde`` as ``autograde grade --gradebook`` runs it: no folder stops the others.

What lies in a submission beside its notebooks is copied and its timestamp is parsed by nbgrader,
in this process. A pipe would hold it up for good, a link to a device fill the disk, a name with a
line break or an unreadable timestamp end the run. So regular files are copied, up to 64 MiB,
and nothing else. A student who has one of the others is left out, by name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.utils import find_all_files, parse_utc

from autograder.regular import NotRegular, open_regular
from autograder.report.clean import clean

_COPIES_CAP = 64 << 20  # bytes of all files that are copied of one submission
_TIMESTAMP_CAP = 200  # bytes


def storable(name: str) -> bool:
    """Whether a folder's name can be a student's id: plain text on one line."""
    return clean(name) == name and "\n" not in name and "\t" not in name


class _CopiesRegularFiles(BaseConverter):  # type: ignore[misc]
    """In place of nbgrader's copying, which follows links and opens whatever it finds."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        source = Path(self._format_source(assignment_id, student_id))
        dest = Path(self._format_dest(assignment_id, student_id))
        if source.is_symlink() or source.parent.is_symlink():
            return
        left = _COPIES_CAP
        for name in find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]):
            path = Path(name)
            try:
                with open_regular(path) as file:
                    data = file.read(left + 1)
            except OSError:
                continue
            if len(data) > left:
                continue
            left -= len(data)
            copy = dest / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            copy.write_bytes(data)


class KataAutograde(Autograde, _CopiesRegularFiles):  # type: ignore[misc]
    """``Autograde`` without what one submission could do to a run."""

    def init_notebooks(self) -> None:
        """As the base class, less the folders whose names end its run."""
        super().init_notebooks()
        for folder in [f for f in self.assignments if not storable(f)]:
            del self.assignments[folder]

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As the base class; ``ValueError`` for a timestamp that would end its run."""
        _look_at_timestamp(Path(self._format_source(assignment_id, student_id)) / "timestamp.txt")
        super().init_assignment(assignment_id, student_id)


def _look_at_timestamp(path: Path) -> None:
    if not os.path.lexists(path):
        return
    try:
        with open_regular(path) as file:
            data = file.read(_TIMESTAMP_CAP + 1)
    except NotRegular as error:
        raise ValueError(f"timestamp.txt {error.strerror}") from None
    text: Any = data.decode("utf-8").strip()
    if len(data) > _TIMESTAMP_CAP:
        raise ValueError("timestamp.txt is no timestamp")
    if text:
        parse_utc(text)
