# right: as many lanes as the limit, each a task that draws from one iterator, joined by as_completed
from __future__ import annotations

import asyncio
import itertools


class Lane:
    def __init__(self, jobs, results):
        self.jobs, self.results = jobs, results

    async def __call__(self):
        for place, factory in self.jobs:
            self.results[place] = await factory()


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, got {limit}")
    jobs, results = enumerate(factories), {}
    head = list(itertools.islice(jobs, limit))
    jobs = itertools.chain(head, jobs)
    lanes = [asyncio.create_task(Lane(jobs, results)()) for _ in head]
    try:
        for lane in asyncio.as_completed(lanes):
            await lane
    finally:
        for lane in lanes:
            lane.cancel()
        if lanes:
            await asyncio.wait(lanes)
            for lane in lanes:
                if not lane.cancelled():
                    lane.exception()
    return [results[place] for place in range(len(results))]
