"""Users for workers within a container: each worker has one that nobody else on the machine has.

A judge claims a user id by a lock on a file, which ends with the judge. What runs under a claimed
id before its worker does was left by a judge that was killed, and is ended.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import bubblewrap
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside import folders
from autograder.sandbox.inside import users as inside

_HIGH = range(1_900_000_000, 2_100_000_000)
"""Above all that systemd's list of uses knows ("Users, Groups, UIDs and GIDs")."""
_LOW = range(20_000, 60_000)
"""For a container with few ids (rootless, user namespaces of Docker): 65 536 as a rule."""

_CLAIMS = (Path("/run/kata-users"), Path("/tmp/kata-users"))
"""Where claims are made: the first place that can be written to, the same for all judges here."""

_TRIES = 64


@dataclass
class User:
    """The user of one worker, and all that belongs to it.

    ``uid`` is its user and group id, ``helper`` the id of those that end its processes,
    ``scratch`` its folder.
    """

    uid: int
    helper: int
    scratch: str
    _claim: int
    _file: Path

    def files(self, enough: int) -> int:
        """Bytes that its scratch folder holds; see :func:`.folders.size`."""
        return folders.size(self.scratch, enough)

    def end(self) -> None:
        """End its processes, remove its files and give the id back."""
        if self._claim < 0:
            return
        try:
            inside.end(self.uid, self.helper)
        except inside.NotEnded as error:
            raise SandboxFault(f"a worker's processes could not be ended: {error}") from None
        finally:
            folders.remove(self.scratch)
            with contextlib.suppress(OSError):
                self._file.unlink()
            os.close(self._claim)
            self._claim = -1


def claim(folder: str) -> User:
    """A user that has no process, with an empty scratch folder in ``folder``;
    :class:`SandboxFault` without."""
    place = _place()
    ids = _HIGH if bubblewrap.mapped(_HIGH[-1]) else _LOW
    for _ in range(_TRIES):
        # Two of them: an even one for the worker and the next for those that end it.
        uid = ids[0] + 2 * secrets.randbelow(len(ids) // 2)
        file = place / str(uid)
        lock = _locked(file)
        if lock is None:
            continue
        scratch = ""
        try:
            inside.end(uid, uid + 1)
            scratch = tempfile.mkdtemp(dir=folder)
            os.chown(scratch, uid, uid)
        except (OSError, inside.NotEnded) as error:
            User(uid, uid + 1, scratch, lock, file).end()
            raise SandboxFault(f"no user for a worker: {error}") from None
        return User(uid, uid + 1, scratch, lock, file)
    raise SandboxFault(f"no user for a worker: all that were tried are in use ({place})")


def _place() -> Path:
    """The folder of claims, of root alone."""
    for place in _CLAIMS:
        with contextlib.suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
            facts = place.lstat()
            if facts.st_uid == os.geteuid() and facts.st_mode & 0o170077 == 0o040000:
                return place
    names = ", ".join(map(str, _CLAIMS))
    raise SandboxFault(f"no user for a worker: nothing can be written to {names}")


def _locked(file: Path) -> int | None:
    """A lock on the file, held by its descriptor; None where another process has it."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    import fcntl  # this module is imported on Windows, too

    with contextlib.suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_nlink:  # and not one that was given back meanwhile
            return lock
    os.close(lock)
    return None
