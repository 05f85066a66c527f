# right: Executor.map over a function that returns dataclass outcomes and never raises
from __future__ import annotations

import concurrent.futures as cf
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    value: Any = None
    error: Exception | None = None


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(limit)

    def one(url):
        try:
            return Outcome(value=fetch(url))
        except Exception:
            return Outcome(error=sys.exc_info()[1])

    with cf.ThreadPoolExecutor(limit, "fetch", initializer=sys.setswitchinterval, initargs=(0.005,)) as pool:
        return [*pool.map(one, urls)]
