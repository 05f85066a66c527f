# right: a subclass of dict, copied into a plain one; cores by affinity, with a fallback
from __future__ import annotations

import contextlib
import os
import platform
import sys
from typing import Any


class Report(dict):
    def __missing__(self, key: str) -> Any:
        raise KeyError(f"no {key!r} in a report")


def _cores() -> int:
    with contextlib.suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def runtime_report() -> dict[str, object]:
    return dict(
        Report(
            implementation=platform.python_implementation(),
            version=platform.python_version(),
            gil=bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
            usable_cores=_cores(),
        )
    )
