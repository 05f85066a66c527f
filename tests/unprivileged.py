"""Running a part of a test as a user that owns nothing (for tests that run as root)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def as_unprivileged(uid: int, command: list[str]) -> list[str]:
    """``command`` as a user that owns nothing, where this user's home holds the interpreter.

    A wall of its own shows that user the interpreter in an otherwise empty home.
    """
    home = Path.home()
    wall = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--cap-add", "ALL"]
    wall += ["--perms", "0755", "--tmpfs", str(home)]
    needed = {Path(sys.prefix), Path(sys.base_prefix), ROOT}
    for path in sorted(p for p in needed if p.is_relative_to(home)):
        for parent in sorted(p for p in path.parents if home in p.parents):
            wall += ["--perms", "0755", "--dir", str(parent)]
        wall += ["--ro-bind", str(path), str(path)]
    ids = [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return [*wall, "--", "setpriv", *ids, *command]
