"""The coordinator's connection to a Dask scheduler: who works there, what is sent, what is lost."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import dask.config
from distributed import Client, Future
from distributed.diagnostics.plugin import SchedulerPlugin

from autograder.cluster import slots
from autograder.cluster.facts import Facts, refusal
from autograder.cluster.tls import Tls
from autograder.errors import KataError

_CONNECT = 10.0  # seconds for the scheduler to answer
_LOST = (OSError, TimeoutError)

KEYS = "kata-"
"""What the keys of our tasks begin with."""


class NoCluster(KataError):
    """The cluster cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Members:
    """The workers of a cluster that take our jobs, by address."""

    facts: dict[str, Facts] = field(default_factory=dict)

    @property
    def slots(self) -> int:
        """How many jobs they do at a time."""
        return sum(facts.slots for facts in self.facts.values())

    def meeting(self, needs: tuple[str, ...]) -> int:
        """How many of them meet all ``needs`` of a check."""
        return sum(set(needs) <= set(facts.needs) for facts in self.facts.values())


def _first_death() -> SchedulerPlugin:
    """A plugin that tells us of the first worker that dies with a task of ours.

    Dask tries a task on three more workers before it does: enough to lose the whole cluster to one
    parcel. The class is made here so that it travels as code: the scheduler need not have this
    package.
    """

    class FirstDeath(SchedulerPlugin):  # type: ignore[misc]
        name = "kata-first-death"
        idempotent = True

        async def start(self, scheduler: Any) -> None:
            self.scheduler = scheduler

        def transition(self, key: Any, start: str, finish: str, *args: Any, **more: Any) -> None:
            if finish == "processing" and str(key).startswith("kata-"):
                task = self.scheduler.tasks.get(key)
                if task is not None:
                    task.suspicious = self.scheduler.allowed_failures

    return FirstDeath()


class Link:
    """A connection that is made again when it is lost; a context manager. One thread uses it.

    ``ours`` is what workers are compared with. ``say`` shows a line to the person who grades, and
    ``began`` is told of each job that a worker begins, on a thread of Dask's.
    """

    def __init__(
        self,
        address: str,
        ours: Facts,
        say: Callable[[str], None],
        *,
        mixed: bool = False,
        tls: Tls | None = None,
    ) -> None:
        self.address, self.ours, self.say, self.mixed = address, ours, say, mixed
        self.members = Members()
        self.topic = ""
        self.began: Callable[[dict[str, int]], None] = lambda message: None
        self._tls = tls
        self._client: Client | None = None
        self._scheduler = ""
        """Id of the scheduler that knows us; one that was started again has another."""
        self._refused: dict[str, str] = {}
        self._said = ""

    def __enter__(self) -> Link:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._connect()
        except (*_LOST, ValueError) as error:
            raise NoCluster(
                f"no scheduler answers at {self.address} ({_words(error)}): start one with "
                "`dask scheduler`, or correct --scheduler"
            ) from None
        try:
            self.refresh()
            if self._refused and not self.members.facts:
                whole = "\n  ".join(f"{a}: {why}" for a, why in self._refused.items())
                raise NoCluster(f"no worker at {self.address} takes jobs of this run\n  {whole}")
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*_LOST, RuntimeError):
                client.close(timeout=2)

    def _connect(self) -> None:
        self._close()
        security = self._tls.security() if self._tls is not None else None
        # A scheduler that is gone for longer is connected to by `alive`.
        with dask.config.set({"distributed.comm.timeouts.connect": f"{_CONNECT}s"}):
            client = Client(self.address, timeout=_CONNECT, set_as_default=False, security=security)
        self._client, self._scheduler = client, ""

    def _introduce(self, scheduler: str) -> None:
        """Tell a scheduler that does not know us yet what it must know of our tasks."""
        assert self._client is not None
        self._client.register_plugin(_first_death())
        self._scheduler = scheduler
        self._listen()

    def _listen(self) -> None:
        if self.topic and self._client is not None:
            self._client.subscribe_topic(self.topic, lambda event: self.began(event[1]))

    def listen(self, topic: str, began: Callable[[dict[str, int]], None]) -> None:
        """Be told what workers announce on a topic, also after a lost connection."""
        self.topic, self.began = topic, began
        self._listen()

    def alive(self) -> bool:
        """Whether the scheduler is there; where it is gone, try to connect again."""
        if self._client is not None and self._client.status == "running":
            return True
        if self._client is not None and self._client.status == "connecting":
            return False
        self._say(f"the scheduler at {self.address} does not answer; waiting for it")
        try:
            self._connect()
        except (*_LOST, ValueError):
            return False
        self._say(f"connected to {self.address} again")
        return True

    def refresh(self) -> None:
        """Look who is there. Those that cannot take jobs are told why, and so is the person."""
        assert self._client is not None
        info = self._client.scheduler_info(n_workers=-1)
        if info["id"] != self._scheduler:
            self._introduce(info["id"])
        fitting: dict[str, Facts] = {}
        refused: dict[str, str] = {}
        for address, values in info["workers"].items():
            why, facts = self._judged(values)
            if why:
                refused[address] = why
            elif facts is not None and values.get("status") == "running":
                fitting[address] = facts
        new = {address: why for address, why in refused.items() if address not in self._refused}
        self.members, self._refused = Members(fitting), refused
        for address, why in new.items():
            self._refuse(address, why)
        if not fitting:
            self._say(f"no worker at {self.address} takes jobs; waiting for one")
        elif self._said:
            self._say("")

    def _judged(self, values: dict[str, Any]) -> tuple[str, Facts | None]:
        if slots.PLUGIN not in values:
            return "it was not started with `autograde worker`", None
        try:
            facts = Facts.from_dict(values[slots.PLUGIN])
        except (TypeError, KeyError):
            return "it has another version of autograde", None
        return refusal(self.ours, facts, mixed=self.mixed), facts

    def _refuse(self, address: str, why: str) -> None:
        self.say(f"worker {address} takes no jobs: {why}")
        assert self._client is not None
        words = f"no jobs from the coordinator {self._client.id}: {why}"
        with contextlib.suppress(Exception):  # it may be gone, or not be one of ours
            self._client.run(slots.told, words, workers=[address], on_error="ignore")

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            if words:
                self.say(words)

    def submit(self, key: str, data: bytes, resources: dict[str, float], *, urgent: bool) -> Future:
        """Send a parcel."""
        assert self._client is not None
        return self._client.submit(
            slots.grade_parcel,
            data,
            key=f"{KEYS}{key}",
            pure=False,
            resources=resources,
            priority=1 if urgent else 0,
        )

    def cancel(self, futures: list[Future]) -> None:
        """Take back what was sent; a worker stops after the job that it is at."""
        if self._client is not None and self._client.status == "running":
            with contextlib.suppress(*_LOST):
                self._client.cancel(futures)


def _words(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
