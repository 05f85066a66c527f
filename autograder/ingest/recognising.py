"""A path that was given -> a download: what is there, and which layout it has."""

from __future__ import annotations

from pathlib import Path

from autograder.ingest import bulk, entry_names, layouts, tree
from autograder.ingest.attempts import Download, SubmissionsError
from autograder.ingest.contents.naming import is_notebook
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.layouts.single import Single, one_file
from autograder.outline import Exercise


def recognised(
    path: Path, names: CourseNames, helper: bulk.Bulk, exercises: tuple[Exercise, ...], source: str
) -> Download:
    """Whose attempts the folder, archive or file at ``path`` holds; :class:`SubmissionsError`."""
    if not path.exists():
        raise SubmissionsError(f"{path} does not exist")
    if not path.is_dir() and not path.is_file():
        raise SubmissionsError(f"{path} is neither a folder nor a regular file")
    root = tree.on_disk(str(path))
    if path.is_file() and (
        not entry_names.is_archive(path.name) or entry_names.is_unopened(path.name)
    ):
        return _one_file(path, root, names, exercises, source)
    if root.is_folder and not root.children() and root.error:
        raise SubmissionsError(f"{path} cannot be read: {root.error}")
    helper.forced = bool(source)
    download = layouts.recognise(root, names, helper, source)
    if helper.trouble:
        raise SubmissionsError(helper.trouble)
    if download is None:
        raise SubmissionsError(_nothing_fits(path, root, names, helper, source))
    return download


def _one_file(
    path: Path, root: tree.Node, names: CourseNames, exercises: tuple[Exercise, ...], source: str
) -> Download:
    if source not in ("", Single.name):
        raise SubmissionsError(
            f"{path} is one file; --from {source} takes a folder or archive "
            f"with {layouts.rule_of(source)}"
        )
    if entry_names.is_unopened(path.name):
        raise SubmissionsError(
            f"{path} is an archive of a kind that is not opened: unpack it, and name the folder"
        )
    if not is_notebook(path.name) and path.suffix.lower() != ".py":
        raise SubmissionsError(
            f"{path} is neither a folder, an archive (.zip, .tar, .tar.gz), a .py file nor a "
            "notebook"
        )
    return one_file(path, root, names, exercises)


def _nothing_fits(
    path: Path, root: tree.Node, names: CourseNames, helper: bulk.Bulk, source: str
) -> str:
    exercise = names.course.exercises[0]
    if source:
        looked = f"--from {source} expects {layouts.rule_of(source)}"
    else:
        looked = (
            "expected a folder or archive for each student, with files such as "
            f"{exercise.chapter}/{exercise.id}.py or {exercise.id}.py, or notebooks such as "
            f"{exercise.chapter}/{exercise.chapter}.ipynb"
        )
    seen = root if root.is_folder else helper.opened(root, unpack=False)
    return f"{path} holds no submissions: {looked}. {_seen_in(seen)}"


def _seen_in(root: tree.Node | None, most: int = 5) -> str:
    """What a folder or an archive holds, in a sentence."""
    if root is None:
        return "It cannot be opened."
    entries = root.children()
    if not entries:
        return "It is empty."
    listed = ", ".join(entry_names.name_of(n.name)[:60] for n in entries[:most])
    more = f" and {len(entries) - most} more" if len(entries) > most else ""
    return f"It holds {listed}{more}."
