"""The process behind a zygote: one wall of its own, or a fork of a warm one that others share.

A wall is built, and what exercises of one kind need is imported, once for all judges of a run: the
*root* of a profile (:class:`Root`) forks a zygote for each judge that asks. The fork enters a user,
a user namespace and a PID namespace of its own before it hears of a worker (``inside/roots.py``).
Students' code and ours have zygotes, users and namespaces of their own. The root is the same: it
runs neither. Roots with different masks are apart.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder.model import Walls
from autograder.sandbox import bubblewrap, container
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside import profiles

_PATIENCE = 5.0  # seconds for a process that was told to end


@dataclass(frozen=True, slots=True)
class Kind:
    """What two zygotes have to share to be forks of one root."""

    profile: str
    gpu: bool = False


class Wall(Protocol):
    """You provide a process that answers on ``control`` as ``inside/zygote.py`` does."""

    control: socket.socket

    def complaint(self) -> str:
        """Why it did not start, as far as it says; it is ended for that."""

    def close(self) -> None:
        """End it, with all that it started."""


class Roots(Protocol):
    """You provide the roots of a run, to those who fork zygotes from them."""

    def control(self, kind: Kind) -> socket.socket:
        """Where the root of ``kind`` takes requests; it is started if it is not there. The socket
        is the caller's to close."""

    def complaint(self, kind: Kind) -> str:
        """Why that root did not start, as far as it says."""


class OwnWall:
    """A wall that is built for one zygote, or (``walls=False``) the zygote without one."""

    def __init__(
        self, kind: Kind, secrets: tuple[Path, ...], walls: Walls, uid: int, shared: bool = False
    ) -> None:
        """Start it; :class:`SandboxFault` where no wall can be built. ``shared`` makes a root."""
        how = socket.SOCK_SEQPACKET if shared else socket.SOCK_STREAM
        self.control, theirs = socket.socketpair(socket.AF_UNIX, how)
        environment: dict[str, str] | None = None
        passed = [theirs.fileno()]
        try:
            if walls.container:
                command, environment, rules = container.command(
                    kind.profile, theirs.fileno(), secrets=secrets, gpu=kind.gpu, shared=shared
                )
                passed.append(rules)
            elif walls:
                command = bubblewrap.command(
                    kind.profile,
                    theirs.fileno(),
                    secrets=secrets,
                    gpu=kind.gpu,
                    uid=uid,
                    shared=shared,
                )
            else:
                command, environment = bubblewrap.unwalled_command(kind.profile, theirs.fileno())
            self._process = subprocess.Popen(
                command,
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
                cwd="/",
                # A ctrl-C at the terminal, or in a notebook's kernel, is for its owner to answer.
                start_new_session=environment is not None,
            )
        except bubblewrap.SandboxUnavailable as error:
            self.control.close()
            raise SandboxFault(str(error)) from None
        finally:
            theirs.close()
            for handle in passed[1:]:
                os.close(handle)

    @property
    def pid(self) -> int:
        """Of the process that was started: bubblewrap, or the zygote itself without walls."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def complaint(self) -> str:
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        assert self._process.stderr is not None
        if self._process.stderr.closed:
            return "it has ended"
        text = self._process.stderr.read().decode(errors="replace").strip()
        return text[-600:] or f"exit status {self._process.returncode}"

    def heard(self) -> str:
        """The end of what it wrote to its standard error since the last call."""
        assert self._process.stderr is not None
        descriptor, data = self._process.stderr.fileno(), b""
        while select.select([descriptor], [], [], 0)[0]:
            part = os.read(descriptor, 65536)
            if not part:
                break
            data = (data + part)[-4096:]
        return data.decode(errors="replace").strip()[-600:] or "it said nothing"

    def disown(self) -> None:
        """In a fork of the process that owns it: close what was inherited."""
        self.control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process.returncode = 0  # no child of this process, to be waited for

    def close(self) -> None:
        # It leaves when its control socket closes; waited for rather than killed, so that its CPU
        # time is accounted to this process.
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()


class SharedWall:
    """A zygote that is a fork of a root."""

    def __init__(self, roots: Roots, kind: Kind, uid: int) -> None:
        """Ask for it; whether the root is there is seen by who waits for an answer."""
        self._roots, self._kind = roots, kind
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with roots.control(kind) as root:
                line = json.dumps({"zygote": 0 if os.geteuid() else uid}).encode()
                socket.send_fds(root, [line], [theirs.fileno()])
        except SandboxFault:
            self.control.close()
            raise
        except OSError:  # it has ended before it was asked: a package did not load, perhaps
            self.control.close()
            raise SandboxFault(f"the sandbox did not start: {roots.complaint(kind)}") from None
        finally:
            theirs.close()

    def complaint(self) -> str:
        return self._roots.complaint(self._kind)

    def close(self) -> None:
        self.control.close()  # which ends it


def ended(control: socket.socket) -> bool:
    """Whether the process at the other end has gone, while nothing is due from it."""
    if not select.select([control], [], [], 0)[0]:
        return False
    try:
        return not control.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def _plain(kind: Kind) -> Kind:
    """The kind without the packages."""
    return replace(kind, profile=profiles.base(kind.profile))


@dataclass
class RootSet:
    """The roots of one run, in the process that owns them; see :class:`Roots`."""

    secrets: tuple[Path, ...]
    kind_of_walls: Walls = Walls.NAMESPACES
    walls: dict[Kind, OwnWall] = field(default_factory=dict)
    forks: dict[Kind, socket.socket] = field(default_factory=dict)
    """Roots that have loaded packages beside their profile: forks of the one that has not."""

    def control(self, kind: Kind) -> socket.socket:
        """See :meth:`Roots.control`; a root that has died is replaced."""
        return self._root(kind).dup()

    def _root(self, kind: Kind) -> socket.socket:
        """Of a profile with packages: a fork of the one that lacks the last of them."""
        packages = profiles.packages(kind.profile)
        if not packages:
            return self._wall(kind).control
        profile = profiles.with_packages(profiles.base(kind.profile), packages[:-1])
        before, there = self._root(replace(kind, profile=profile)), self.forks.get(kind)
        if there is None or ended(there):
            if there is not None:
                there.close()
            self.forks[kind], theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                line = json.dumps({"root": packages[-1:]}).encode()
                socket.send_fds(before, [line], [theirs.fileno()])
        return self.forks[kind]

    def _wall(self, kind: Kind) -> OwnWall:
        there = self.walls.get(kind)
        if there is None or not there.alive:
            if there is not None:
                there.close()
                del self.walls[kind]
            self.walls[kind] = OwnWall(kind, self.secrets, self.kind_of_walls, 0, shared=True)
        return self.walls[kind]

    def complaint(self, kind: Kind) -> str:
        """See :meth:`Roots.complaint`."""
        there = self.walls.get(_plain(kind))
        if there is None:
            return "it is not there"
        # Other judges use the wall that a package does not load behind.
        return there.heard() if profiles.packages(kind.profile) else there.complaint()

    def disown(self) -> None:
        """In a fork: hold nothing of them any more."""
        self._hang_up()
        for wall in self.walls.values():
            wall.disown()
        self.walls.clear()

    def _hang_up(self) -> None:
        for control in self.forks.values():
            control.close()
        self.forks.clear()

    def close(self) -> None:
        """End them, and every zygote that is left."""
        self._hang_up()
        for wall in self.walls.values():
            wall.control.close()  # all of them at once: each takes a moment to go
        for wall in self.walls.values():
            wall.close()
        self.walls.clear()
