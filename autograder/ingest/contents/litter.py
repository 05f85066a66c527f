"""What lies in a submission without anybody having handed it in, told by its name.

Editors, systems, version control and environments leave it. It is never read, is no answer, and
counts against nobody; in the account it is named all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_FOLDERS = {
    "__pycache__": "Python's cache",
    "__MACOSX": "left by macOS",
    ".git": "version control",
    ".hg": "version control",
    ".svn": "version control",
    ".kata": "kata's own",
    ".ipynb_checkpoints": "Jupyter's checkpoints",
    ".venv": "a Python environment",
    "venv": "a Python environment",
    "site-packages": "a Python environment",
    "dist-packages": "a Python environment",
    "node_modules": "installed packages",
    "Feedback Attachment(s)": "what an instructor has given back",
    "$RECYCLE.BIN": "left by Windows",
    "System Volume Information": "left by Windows",
}
_KEYED_FOLDERS = {name.casefold(): words for name, words in _FOLDERS.items()}
_FILES = {
    "thumbs.db": "left by Windows",
    "ehthumbs.db": "left by Windows",
    "desktop.ini": "left by Windows",
    "icon\r": "left by macOS",
    "kata-submission.json": "what kata says of the submission",
}
_BACKUP = re.compile(
    r"(?is).*(?:~|\.sw[a-p]|\.bak|\.orig|\.rej|\.py[cod]|\.tmp|\.crdownload|\.part|\.download)"
    r"|#.*#|~\$.*"
)

_IN_ENVIRONMENT = {"bin", "scripts", "include", "lib", "lib64", "share", "etc", "man"}

ENVIRONMENT_MARK = "pyvenv.cfg"
"""The file that makes the folder that holds it a Python environment, whatever its name."""

ENVIRONMENT = "a Python environment"


def folder(name: str, in_environment: bool = False) -> str:
    """Why nothing in a folder of this name is an answer; empty where something may be.

    ``in_environment`` is for a folder straight in a Python environment.
    """
    words = _KEYED_FOLDERS.get(name.casefold(), "")
    if not words and name.startswith("."):
        return "a hidden folder"
    if not words and in_environment and name.casefold() in _IN_ENVIRONMENT:
        return ENVIRONMENT
    return words


def file(name: str) -> str:
    """Why a file of this name is no answer, whatever it holds; empty where it may be one."""
    if name.startswith("._"):
        return "left by macOS"
    if name.startswith("."):
        return "a hidden file"
    if _BACKUP.fullmatch(name):
        return "a cache, a backup or an unfinished download"
    return _FILES.get(name.casefold(), "")


class Sieve:
    """Tells litter among paths that are known all together: an archive's, or those of places."""

    def __init__(self, paths: Iterable[str], holds_work: Callable[[set[str]], bool]) -> None:
        paths = list(paths)
        marks = [p for p in paths if p.rpartition("/")[2] == ENVIRONMENT_MARK]
        self._environments = {p.rpartition("/")[0] for p in marks}
        inside: dict[str, set[str]] = {folder: set() for folder in self._environments}
        for path in paths if inside else ():
            parts = path.split("/")
            for depth, name in enumerate(parts):
                children = inside.get("/".join(parts[:depth]))
                if children is not None:
                    children.add(name)
        # A student who makes an environment in the folder of their answers still hands them in.
        self._whole = {f for f, names in inside.items() if f and not holds_work(names)}
        self._known: dict[str, tuple[str, str]] = {}

    def folder(self, path: str) -> tuple[str, str]:
        """The topmost folder above ``path`` that is litter, and why; two empty ones for none."""
        parent = path.rpartition("/")[0]
        if not parent:
            return "", ""
        if parent not in self._known:
            above = self.folder(parent)
            if not above[1]:
                outer, _, name = parent.rpartition("/")
                words = folder(name, outer in self._environments)
                words = words or (ENVIRONMENT if parent in self._whole else "")
                above = (parent, words) if words else ("", "")
            self._known[parent] = above
        return self._known[parent]
