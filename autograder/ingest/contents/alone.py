"""Whether an answer plainly needs nothing of what lies around it: told without parsing it.

Most submissions hold answers only. To look for what each names, by its syntax tree, would take
ten times as long as reading them.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from autograder.ingest.contents.files import is_notebook

_IMPORT = re.compile(rb"\s*(?:>>> )?(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^\n\r#;]*))")
_NAMES = re.compile(rb"(\w+)(?:\.\w+)*(?:[ \t]+as[ \t]+\w+)?")
_FILES = (b'.py"', b".py'", b'.ipynb"', b".ipynb'")


def only_answers(met: Iterable[PurePosixPath], exercises: Iterable[str]) -> bool:
    """Whether all files have exercises' own names, or are notebooks."""
    names = {f"{id}.py" for id in exercises}
    return all(path.name in names or is_notebook(path.name) for path in met)


def needs_nothing(source: bytes, exercises: frozenset[str]) -> bool:
    """Whether all that a text imports is installed and no exercise, and it names no such file.

    False where that is not plain.
    """
    if any(name in source for name in _FILES):
        return False
    source, end = source.replace(b"\r", b"\n"), 0
    while (at := source.find(b"import", end)) >= 0:
        start, end = source.rfind(b"\n", 0, at) + 1, source.find(b"\n", at)
        end = len(source) if end < 0 else end
        line = source[start:end]
        if not _is_plain(line, exercises):
            return False
    return True


def _is_plain(line: bytes, exercises: frozenset[str]) -> bool:
    """Whether a line that holds ``import`` imports what is installed, or is prose."""
    if line.lstrip().startswith(b"#"):
        return True
    if b"_import" in line or b"import_" in line:
        return False
    found = _IMPORT.match(line)
    if found is None:
        before = line[: line.rfind(b"import")]
        return b":" not in before and b";" not in before
    if b";" in line:
        return False
    for part in (found[1] or found[2]).split(b","):
        name = _NAMES.fullmatch(part.strip())
        top = name[1].decode("ascii", "replace") if name is not None else ""
        if not top or top in exercises or not _is_installed(top):
            return False
    return True


@lru_cache(maxsize=1024)
def _is_installed(name: str) -> bool:
    """Whether Python itself or an installed package is called so. Nothing is imported."""
    if name in sys.stdlib_module_names or name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False
