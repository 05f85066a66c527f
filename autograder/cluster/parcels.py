"""Jobs and results as bytes: what travels between a coordinator and its workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgpack

from autograder.model import Job, Result


@dataclass(frozen=True, slots=True)
class Parcel:
    """Jobs that one slot of a worker does one after the other.

    ``topic`` is where it announces each job as it begins, ``number`` the parcel's own there. With
    ``gpu``, the judge sees the worker's GPU.
    """

    topic: str
    number: int
    jobs: tuple[Job, ...]
    gpu: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The results of a parcel in the order of its jobs, and the ``seconds`` that they took.

    ``versions`` and ``worker`` are those of the one that graded.
    """

    results: tuple[Result, ...]
    seconds: float
    worker: str
    versions: dict[str, str]


# Names of students and messages may hold bytes that are no text, as Python writes them in one.
def _pack(values: dict[str, Any]) -> bytes:
    data: bytes = msgpack.packb(values, unicode_errors="surrogatepass")
    return data


def _unpack(data: bytes) -> dict[str, Any]:
    values: dict[str, Any] = msgpack.unpackb(data, unicode_errors="surrogatepass")
    return values


def pack(parcel: Parcel) -> bytes:
    """A parcel as bytes."""
    jobs = [asdict(job) for job in parcel.jobs]
    return _pack({"topic": parcel.topic, "number": parcel.number, "jobs": jobs, "gpu": parcel.gpu})


def unpack(data: bytes) -> Parcel:
    """The inverse of :func:`pack`."""
    values = _unpack(data)
    return Parcel(**{**values, "jobs": tuple(map(_job, values["jobs"]))})


def _job(values: dict[str, Any]) -> Job:
    files = tuple((name, content) for name, content in values["files"])
    return Job(**{**values, "only": tuple(values["only"]), "files": files})


def pack_reply(
    results: Sequence[Result], seconds: float, worker: str, versions: dict[str, str]
) -> bytes:
    """A :class:`Reply` as bytes."""
    lines = [result.as_dict() for result in results]
    return _pack({"results": lines, "seconds": seconds, "worker": worker, "versions": versions})


def unpack_reply(data: bytes) -> Reply:
    """The inverse of :func:`pack_reply`."""
    values = _unpack(data)
    return Reply(**{**values, "results": tuple(map(Result.from_dict, values["results"]))})
