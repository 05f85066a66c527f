"""An nbgrader course folder: made, released from and filled with marks by nbgrader's own parts."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import sqlalchemy as sa

from autograder.authoring import lessons
from autograder.errors import KataError
from autograder.grading.database import shown_url
from autograder.ingest.layouts.nbgrader import CONFIG
from autograder.outline import Chapter, Course, bundled
from autograder.text.atomic import LinkInTheWay, own_folder, replacing


class GradebookError(KataError):
    """nbgrader could not do its part; the message says which and why."""


def shipped_config(course: Course) -> str:
    """The text of ``nbgrader_config.py`` for a course."""
    for root in (course.root, bundled()):
        path = root / "course" / CONFIG
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            break
    else:
        raise GradebookError(f"{bundled() / 'course' / CONFIG} is missing")
    if course.root != bundled().resolve():
        text += f"\nc.KataGrading.course = {str(course.root)!r}\n"
    return text


def build(course: Course, root: Path, chapters: Iterable[Chapter]) -> list[Path]:
    """Write ``source/`` and the configuration into ``root``; returns the files that changed.

    A configuration that is there stays: it may have been edited. Raises
    :class:`~autograder.authoring.lessons.LessonError`.
    """
    changed = []
    books = [(chapter, lessons.notebook(course, chapter)) for chapter in chapters]
    for chapter, book in books:
        path = root / "source" / chapter.id / f"{chapter.id}.ipynb"
        text = nbformat.writes(book) + "\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            own_folder(path.parent, root)
            with replacing(path) as file:
                file.write(text)
            changed.append(path)
        for name, data in dict(f for e in chapter.exercises for f in course.files(e)).items():
            path = root / "source" / chapter.id / name
            if not path.is_file() or path.read_bytes() != data:
                own_folder(path.parent, root)
                path.unlink(missing_ok=True)  # never written through a link
                path.write_bytes(data)
                changed.append(path)
    config = root / CONFIG
    if config.is_symlink() and not config.exists():
        raise LinkInTheWay(config)  # it would be written where the link leads
    if not config.exists():
        config.write_text(shipped_config(course), encoding="utf-8")
        changed.append(config)
    return changed


# -- nbgrader ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """nbgrader, configured for a folder. ``said`` collects what it logged as an error."""

    app: Any
    said: list[str]

    @property
    def coursedir(self) -> Any:
        return self.app.coursedir

    def converter(self, kind: Any, chapter: str) -> Any:
        """One of nbgrader's converters for a chapter."""
        self.coursedir.assignment_id = chapter
        converter = kind(coursedir=self.coursedir, parent=self.app)
        converter.force = True
        return converter

    def convert(self, converter: Any, chapter: str) -> None:
        """Run a converter; :class:`GradebookError` if it fails."""
        from nbgrader.converters import NbGraderException

        self.said.clear()
        try:
            converter.start()
        except (NbGraderException, sa.exc.SQLAlchemyError, SystemExit) as error:
            words = "\n".join(self.said[-6:]) or str(error)
            raise GradebookError(f"nbgrader: {chapter}: {words[-3000:]}") from error


class _Collect(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextlib.contextmanager
def opened(root: Path, db: str | None = None) -> Iterator[Opened]:
    """nbgrader for the course in ``root``, with its configuration; quiet except for errors."""
    from nbgrader import api
    from nbgrader.apps.baseapp import NbGrader

    root = root.resolve()
    if not (root / CONFIG).is_file():
        raise GradebookError(f"{root} has no {CONFIG}: run `autograde build {root}`")
    path = sys.path[:]
    said: list[str] = []
    by_program, api.get_alembic_version = api.get_alembic_version, _schema_version
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within nbgrader and its libraries
        app = NbGrader(log_level=logging.ERROR)
        handler = _Collect(said)
        try:
            with contextlib.chdir(root):
                app.initialize(argv=[], root=str(root))
            app.log_level = logging.CRITICAL
            app.log.handlers = [handler]
            app.log.propagate = False
            app.log.setLevel(logging.ERROR)
            if db:
                app.coursedir.db_url = db
            _with_version(app.coursedir.db_url)
            yield Opened(app, said)
        except sa.exc.SQLAlchemyError as error:
            shown = shown_url(app.coursedir.db_url)
            reason = str(error).splitlines()[0]
            raise GradebookError(f"the gradebook {shown} cannot be used: {reason}") from error
        finally:
            api.get_alembic_version = by_program
            sys.path[:] = path
            app.log.handlers = []


def _schema_version() -> str:
    """The newest of nbgrader's database schemas.

    nbgrader starts the program ``alembic`` to learn it, which takes 5 s, and is not found where
    the venv is not activated.
    """
    import nbgrader
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    return ScriptDirectory.from_config(config).get_heads()[0]


def _with_version(url: str) -> None:
    """Make sure that the database says which of nbgrader's schemas it has.

    nbgrader writes that only into a database without any table, and ours may hold the store.
    """
    from nbgrader.api import Gradebook

    with Gradebook(url) as gradebook:
        if sa.inspect(gradebook.engine).has_table("alembic_version"):
            return
        version = _schema_version()
        gradebook.db.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        gradebook.db.execute(
            sa.text("INSERT INTO alembic_version (version_num) VALUES (:v)"), {"v": version}
        )
        gradebook.db.commit()


def generate(nbgrader: Opened, chapters: Iterable[Chapter]) -> None:
    """nbgrader's ``generate_assignment`` for every chapter."""
    from nbgrader.converters import GenerateAssignment

    for chapter in chapters:
        nbgrader.convert(nbgrader.converter(GenerateAssignment, chapter.id), chapter.id)


def released(nbgrader: Opened, chapters: Iterable[Chapter]) -> list[Chapter]:
    """Those of ``chapters`` that the gradebook knows."""
    from nbgrader.api import Gradebook

    with Gradebook(nbgrader.coursedir.db_url, nbgrader.coursedir.course_id) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    return [c for c in chapters if c.id in known]


def copy_release(root: Path, chapter: Chapter, to: Path) -> None:
    """Copy a chapter's release into a bundle."""
    to.mkdir(parents=True, exist_ok=True)
    for path in sorted((root / "release" / chapter.id).rglob("*")):
        if path.is_file() and ".ipynb_checkpoints" not in path.parts:
            target = to / path.relative_to(root / "release" / chapter.id)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
