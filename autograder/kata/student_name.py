"""The name under which a student hands in: asked for once per workspace, and kept there."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

from autograder.errors import KataError
from autograder.kata.workspace import Workspace

FILE = "student.json"


class NotPacked(KataError):
    """No zip was written; the message says why."""


_NOBODY = frozenset(
    (
        "root",
        "jovyan",
        "user",
        "student",
        "guest",
        "nobody",
        "admin",
        "administrator",
        "me",
        "home",
        "owner",
        "default",
        "ubuntu",
        "debian",
        "fedora",
        "kali",
        "pi",
        "vagrant",
        "docker",
        "node",
        "app",
        "vscode",
        "codespace",
        "codespaces",
        "codespaces-user",
        "gitpod",
        "coder",
        "runner",
        "rstudio",
        "ec2-user",
        "azureuser",
        "sagemaker-user",
        "ds-user",
    )
)
"""Logins that many share: a class in a container would hand in thirty times `jovyan.zip`."""


def name_of(workspace: Workspace, given: str | None) -> str:
    """The name for the gradebook: ``given``, else the one that was kept, else the answer to a
    question, else the login. What was given or answered is kept.

    :class:`NotPacked` where there is no name and nobody can be asked.
    """
    path = workspace.folder / FILE
    if given is None:
        name = kept(path)
        if name:
            return name
        given = _asked()
        if given is None:
            return _login_or_refuse()
    name = given.strip()
    if name:
        _keep(path, name)
    return given


def kept(path: Path) -> str:
    """The name in a file; empty if the file is missing or cannot be read."""
    try:
        name = json.loads(path.read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return name if isinstance(name, str) else ""


def _keep(path: Path, name: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"name": name}, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        words = error.strerror or str(error)
        print(f"kata: your name was not kept in {path}: {words}.", file=sys.stderr)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _asked() -> str | None:
    """The student's answer at a terminal, the login for an empty one; None with no terminal."""
    if not sys.stdin.isatty():
        return None
    login = _login()
    shared = login.lower() in _NOBODY
    print("What name goes on your submission? kata asks once and keeps it; --name changes it.")
    prompt = "Your name: " if shared or not login else f"Your name (Enter for {login}): "
    try:
        answer = input(prompt).strip()
    except EOFError:
        raise NotPacked("no name was given; nothing was written.") from None
    return answer or ("" if shared else login)


def _login_or_refuse() -> str:
    login = _login()
    if login and login.lower() not in _NOBODY:
        return login
    words = f"the login {login!r} does not say who you are" if login else "you have no login"
    raise NotPacked(f"{words}; pass your name with --name.")
