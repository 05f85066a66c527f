"""What a zygote and its workers do for their walls, by tier: namespaces, a container, or nothing.

The steps are those of :mod:`.zygote`: the zygote begins once, forks, and each fork enters its walls
and closes them behind it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
from pathlib import Path
from typing import Any

from autograder.sandbox.inside import landlock, namespaces, seccomp, users
from autograder.sandbox.inside.folders import remove
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.walls import Walls

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38


def set_process(option: int, value: int) -> None:
    """``prctl(2)`` with one argument; ``OSError`` where the kernel refuses."""
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")


class Tier:
    """No walls at all, for one's own code; those of other kinds inherit from it."""

    limits_processes = False
    """Whether the user has processes of its worker alone, so that the kernel may count them."""

    def begin(self, uid: int, *, wait: bool) -> None:
        """In the zygote, before it forks: become user ``uid``, if any. ``wait`` says that the
        process that called must stay."""

    def fork(self, request: dict[str, Any], beside: int) -> int:
        """Fork a worker, next to the process ``beside`` if that is not 0; its id, 0 in itself."""
        return os.fork()

    def join(self) -> None:
        """In the worker, while it has what the zygote has."""

    def enter(self, request: dict[str, Any], limits: Limits) -> str:
        """In the worker: step behind its walls; its scratch folder."""
        os.setsid()  # a group of its own, to be killed as one
        scratch: str = request["scratch"]
        return scratch

    def variables(self) -> tuple[str, ...]:
        """Names of variables that lead to the scratch folder."""
        return ("HOME", "TMPDIR")

    def close(self) -> None:
        """In the worker, at last: give up every right that building the walls took."""

    def reap(self, children: dict[int, int]) -> None:
        """In the zygote: take note of processes that have ended and that nobody waits for."""

    def forget(self, number: int) -> None:
        """In the zygote: worker ``number`` was waited for."""

    def end(self) -> None:
        """In the zygote, when the judge has gone."""


class Namespaces(Tier):
    """The walls of namespaces, within a bubblewrap."""

    limits_processes = True

    def __init__(self, options: dict[str, Any]) -> None:
        self._keep = options.get("keep", ())
        self._home = self._neighbour = -1

    def begin(self, uid: int, *, wait: bool) -> None:
        if uid:
            _become(uid)
            namespaces.set_dumpable()
        _enter_own_namespaces(wait=wait)
        landlock.attributes(landlock.abi())  # found once, for all forks
        # The PID namespace that forks are made from.
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self, request: dict[str, Any], beside: int) -> int:
        self._neighbour = os.pidfd_open(beside) if beside else -1
        # The next fork becomes PID 1 of a namespace of its own: killing it kills all it started.
        namespaces.unshare(namespaces.NEWPID)
        pid = os.fork()
        if pid:
            namespaces.return_to(self._home)
            if self._neighbour >= 0:
                os.close(self._neighbour)
        return pid

    def join(self) -> None:
        # While this process still belongs to the user namespace that owns the other's.
        if self._neighbour >= 0:
            namespaces.join_network(self._neighbour)

    def enter(self, request: dict[str, Any], limits: Limits) -> str:
        own_network = self._neighbour < 0
        others = namespaces.NEWNS | namespaces.NEWIPC | namespaces.NEWUTS
        if own_network:
            others |= namespaces.NEWNET
        uid, gid = os.geteuid(), os.getegid()
        namespaces.unshare(namespaces.NEWUSER | others)
        namespaces.map_own_ids(uid, gid)
        shm = max(limits.scratch, limits.memory // 2)
        namespaces.mount_scratch(limits.scratch, shm, self._keep)
        namespaces.close_proc()
        if own_network:
            namespaces.loopback_up()
        return "/tmp"

    def close(self) -> None:
        namespaces.drop_capabilities()
        if landlock.abi():  # a second layer: the mounts alone are enough
            set_process(PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict(BEHIND_MOUNTS)
        seccomp.install()


BEHIND_MOUNTS = (
    ("/", landlock.Grant.READ),
    ("/tmp", landlock.Grant.OWN),
    ("/dev/shm", landlock.Grant.OWN),
    ("/dev", landlock.Grant.USE),
)
"""What a worker may do with the files that its mounts show: all of them are read-only but these."""


class Container(Tier):
    """Within a container: a user and Landlock rules for each worker. The zygote stays root."""

    limits_processes = True

    def __init__(self, options: dict[str, Any]) -> None:
        with open(options["rules"], encoding="utf-8", closefd=True) as file:
            file.seek(0)
            rules = json.load(file)
        self._rules: list[tuple[str, str]] = rules["exactly"]
        self._places: list[tuple[str, str]] = rules["roughly"]
        self._rulesets: dict[str, int] = {}
        """Descriptors of rules, by the folder that scratch folders are in."""
        self._ruleset = -1
        self._workers: dict[int, tuple[int, int, str]] = {}
        """User, helper and scratch folder of workers, by number."""
        self._scratch, self._user = "", 0
        set_process(PR_SET_DUMPABLE, 0)  # nobody reads the memory of this process

    def begin(self, uid: int, *, wait: bool) -> None:
        # A worker's daemons come to the worker, and those of one that has ended come here.
        set_process(PR_SET_CHILD_SUBREAPER, 1)

    def fork(self, request: dict[str, Any], beside: int) -> int:
        owned = request["user"], request["helper"], request["scratch"]
        self._workers[request["fork"]] = owned
        folder = str(Path(request["scratch"]).parent)
        if folder not in self._rulesets:
            self._rulesets[folder] = landlock.ruleset([*self._rules, (folder, landlock.Grant.OWN)])
        self._ruleset = self._rulesets[folder]
        return os.fork()

    def join(self) -> None:
        # The first layer: hundreds of rules, made once in the zygote.
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # the kernel's first choice, for good
        set_process(PR_SET_NO_NEW_PRIVS, 1)
        landlock.enforce(self._ruleset)

    def enter(self, request: dict[str, Any], limits: Limits) -> str:
        os.setsid()
        self._scratch, self._user = request["scratch"], request["user"]
        self._workers.clear()  # of others
        _drop_bounding_set()
        _become(self._user)
        set_process(PR_SET_DUMPABLE, 1)  # the judge looks at what it holds
        set_process(PR_SET_PDEATHSIG, signal.SIGKILL)
        set_process(PR_SET_CHILD_SUBREAPER, 1)
        return self._scratch

    def variables(self) -> tuple[str, ...]:
        return (*super().variables(), "TORCHINDUCTOR_CACHE_DIR")

    def close(self) -> None:
        namespaces.drop_capabilities()
        # The second layer: its own scratch folder, and of others' nothing.
        landlock.restrict([*self._places, (self._scratch, landlock.Grant.OWN)])
        self._rules.clear()
        seccomp.install()
        if (os.getuid(), os.geteuid(), os.getgid(), os.getgroups()) != (
            self._user,
            self._user,
            self._user,
            [],
        ):
            raise OSError("the worker is not the user that it should be")

    def reap(self, children: dict[int, int]) -> None:
        here = set(children.values())
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            pids = map(int, file.read().split())
        for pid in pids:
            if pid not in here:
                os.waitpid(pid, os.WNOHANG)

    def forget(self, number: int) -> None:
        self._workers.pop(number, None)

    def end(self) -> None:
        for user, helper, scratch in self._workers.values():
            users.end(user, helper)
            remove(scratch)
        for folder in self._rulesets:
            remove(folder)


def of(options: dict[str, Any]) -> Tier:
    """The tier that a zygote's options name."""
    walls = Walls(options["walls"])
    if walls.container:
        return Container(options)
    return Namespaces(options) if walls else Tier()


def _become(uid: int) -> None:
    """From root to an unprivileged user that owns nothing."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _drop_bounding_set() -> None:
    for capability in range(64):
        if _libc.prctl(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
            if ctypes.get_errno() == 22:  # EINVAL: there are no more
                return
            raise OSError(ctypes.get_errno(), "PR_CAPBSET_DROP")


def _enter_own_namespaces(*, wait: bool) -> None:
    """Go on as PID 1 of a namespace that this user namespace owns; with ``wait`` the process that
    was here before stays, for the one that started it.

    Only its owner may step back into a PID namespace (setns(2)), and the zygote does so after
    each fork.
    """
    namespaces.enter_user_namespace()
    namespaces.unshare(namespaces.NEWPID)
    pid = os.fork()
    if pid:
        status = os.waitpid(pid, 0)[1] if wait else 0
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
