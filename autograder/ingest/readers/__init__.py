"""Reading what a stranger handed in, in a process that may come to any end.

A *reader* is a process forked for one submission, with limits on memory, CPU time, output and
wall time. It hands back plain data under caps and is gone. Whatever happens in there, a decoder
that hangs, memory that runs out, a crash, is the verdict of that submission and of no other.
See ``docs/decisions/0011-one-reader-per-submission.md``.
"""

from __future__ import annotations

from autograder.ingest.readers.limits import ReadingLimits
from autograder.ingest.readers.pool import Readers, make_ready, read, shared
from autograder.ingest.readers.protocol import FAILED, FAULT, REFUSED, TAKEN, Reply, Request

__all__ = [
    "FAILED",
    "FAULT",
    "REFUSED",
    "TAKEN",
    "Readers",
    "ReadingLimits",
    "Reply",
    "Request",
    "make_ready",
    "read",
    "shared",
]
