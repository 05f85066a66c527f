"""What lies in a submission without anybody having handed it in, told by its name.

Editors, systems, version control and environments leave it. It is never read, is no answer, and
counts against nobody; in the account it is named all the same.
"""

from __future__ import annotations

import re

_FOLDERS = {
    "__pycache__": "Python's cache",
    "__MACOSX": "left by macOS",
    ".git": "version control",
    ".hg": "version control",
    ".svn": "version control",
    ".kata": "kata's own",
    ".ipynb_checkpoints": "Jupyter's checkpoints",
    ".venv": "a Python environment",
    "site-packages": "a Python environment",
    "dist-packages": "a Python environment",
    "node_modules": "installed packages",
    "$RECYCLE.BIN": "left by Windows",
    "System Volume Information": "left by Windows",
}
_KEYED_FOLDERS = {name.casefold(): words for name, words in _FOLDERS.items()}
_FILES = {
    "thumbs.db": "left by Windows",
    "ehthumbs.db": "left by Windows",
    "desktop.ini": "left by Windows",
    "icon\r": "left by macOS",
}
_BACKUP = re.compile(
    r"(?is).*(?:~|\.sw[a-p]|\.bak|\.orig|\.rej|\.py[cod]|\.tmp|\.crdownload|\.part|\.download)"
    r"|#.*#|~\$.*"
)

ENVIRONMENT_MARK = "pyvenv.cfg"
"""The file that makes the folder that holds it a Python environment, whatever its name."""

ENVIRONMENT = "a Python environment"


def folder(name: str) -> str:
    """Why nothing in a folder of this name is an answer; empty where something may be."""
    words = _KEYED_FOLDERS.get(name.casefold(), "")
    if not words and name.startswith("."):
        return "a hidden folder"
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
