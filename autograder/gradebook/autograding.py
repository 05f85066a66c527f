"""nbgrader's ``Autograde`` as ``autograde grade --gradebook`` runs it: no folder stops the others.

What lies in a submission beside its notebooks is copied and its timestamp is parsed by nbgrader,
in this process. A pipe would hold it up for good, a link to a device fill the disk, a name with a
line break or an unreadable timestamp end the run. So regular files are copied, up to 64 MiB,
and nothing else. A student who has one of the others is left out, by name.
"""

from __future__ import annotations

import fnmatch
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.utils import find_all_files

from autograder.gradebook import timestamps
from autograder.gradebook.filing import notebooks
from autograder.text.regular import open_regular

_COPIES_CAP = 64 << 20  # bytes of all files that are copied of one submission


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
    """``Autograde`` of the ``students`` whose results are known, without what one submission
    could do to a run, and with a list of those who were ``entered`` or ``left_out``."""

    students: Sequence[str] = ()

    following: Mapping[str, str]
    """By student, who comes next."""

    def init_notebooks(self) -> None:
        """In place of the base class's patterns: there, a name with ``[`` in it is one."""
        self.entered: list[str] = []
        self.left_out: list[str] = []
        self.notebooks: list[str] = []
        self.assignments: dict[str, list[str]] = {}
        named: dict[str, str] = {}
        for student in self.students:
            if not fnmatch.fnmatchcase(student, self.coursedir.student_id):
                self.left_out.append(student)
                continue
            folder = self._format_source(self.coursedir.assignment_id, student)
            self.assignments[folder] = list(map(str, notebooks(Path(folder))))
            named[folder] = student
        order = [named[folder] for folder in sorted(self.assignments)]  # as the base class goes
        self.following = dict(itertools.pairwise(order))

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """As the base class; who is not to be processed is noted."""
        wanted = bool(super().init_destination(assignment_id, student_id))
        if not wanted:
            self.left_out.append(student_id)
        return wanted

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As the base class; ``ValueError`` for a timestamp that would end its run."""
        timestamps.look_at(Path(self._format_source(assignment_id, student_id)) / "timestamp.txt")
        super().init_assignment(assignment_id, student_id)

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """As the base class, which does this to a submission that is done."""
        super().set_permissions(assignment_id, student_id)
        self.entered.append(student_id)
