# wrong: asks a second time where fetch raised  [test_every_error_is_kept]
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    value: Any = None
    error: BaseException | None = None


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")

    def one(url):
        try:
            return Outcome(value=fetch(url))
        except Exception:
            pass
        try:
            return Outcome(value=fetch(url))
        except Exception as e:
            return Outcome(error=e)

    with ThreadPoolExecutor(max_workers=limit) as pool:
        return list(pool.map(one, urls))
