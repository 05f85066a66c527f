# right: an event loop hands the calls to a pool of its own
import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Optional


class Outcome(NamedTuple):
    value: Any
    error: Optional[BaseException]


def fetch_all(fetch, urls, limit=8):
    async def one(loop, pool, url):
        try:
            return Outcome(value=await loop.run_in_executor(pool, fetch, url), error=None)
        except Exception as error:
            return Outcome(value=None, error=error)

    async def every():
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(limit) as pool:
            return await asyncio.gather(*[one(loop, pool, url) for url in urls])

    return asyncio.run(every())
