# right: a batcher on an asyncio.Condition in cleanup_ctx, a middleware for errors, rows grouped by shape
from __future__ import annotations

import asyncio
import concurrent.futures
import dataclasses
import itertools
import json
import math
from typing import Any

import torch
from aiohttp import web

BATCHER: web.AppKey[Batcher] = web.AppKey("batcher", object)


@dataclasses.dataclass(eq=False)
class Request:
    row: torch.Tensor
    answer: asyncio.Future[Any]


class Batcher:
    def __init__(self, model, most, wait):
        self.model, self.most, self.wait = model, most, wait
        self.pool = concurrent.futures.ThreadPoolExecutor(1, "forward")
        self.queue: list[Request] = []

    async def __call__(self, app):
        self.changed = asyncio.Condition()
        self.closing = False
        task = asyncio.create_task(self.serve(), name="batcher")
        yield
        async with self.changed:
            self.closing = True
            self.changed.notify_all()
        await task
        self.pool.shutdown()

    async def ask(self, row):
        request = Request(row, asyncio.get_running_loop().create_future())
        async with self.changed:
            self.queue.append(request)
            self.changed.notify_all()
        return await request.answer

    async def serve(self):
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.queue or self.closing)
                if not self.queue:
                    return
                try:
                    async with asyncio.timeout(self.wait):
                        await self.changed.wait_for(
                            lambda: len(self.queue) >= self.most or self.closing
                        )
                except TimeoutError:
                    pass
                taken, self.queue[:] = self.queue[: self.most], self.queue[self.most :]
            by_shape = sorted(taken, key=lambda r: tuple(r.row.shape))
            for _, group in itertools.groupby(by_shape, key=lambda r: tuple(r.row.shape)):
                await self.forward([r for r in group if not r.answer.done()])

    async def forward(self, group):
        if not group:
            return
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.run_in_executor(self.pool, self.compute, [r.row for r in group])
        except Exception as error:
            for request in group:
                if not request.answer.done():
                    request.answer.set_exception(RuntimeError(f"the model failed: {error}"))
        else:
            for request, row in zip(group, rows):
                if not request.answer.done():
                    request.answer.set_result(row)

    def compute(self, rows):
        with torch.inference_mode():
            return self.model(torch.stack(rows)).tolist()


def numbers(value):
    if isinstance(value, list):
        return all(map(numbers, value))
    return type(value) in (int, float) and math.isfinite(value)


@web.middleware
async def as_json(request, handler):
    try:
        return await handler(request)
    except RuntimeError as error:
        return web.json_response({"error": str(error)}, status=500)


async def infer(request):
    try:
        body = json.loads(await request.text())
        row = body["input"]
        if not isinstance(row, list) or not row or not numbers(row):
            raise ValueError("input must be a list of finite numbers")
        tensor = torch.tensor(row, dtype=torch.float32)
        if not tensor.numel() or not tensor.isfinite().all():
            raise ValueError("input is empty or too large for float32")
    except (ValueError, KeyError, TypeError, RuntimeError, OverflowError, RecursionError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=422)
    return web.json_response({"output": await request.app[BATCHER].ask(tensor)})


async def health(request):
    return web.Response(text="ok")


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1 or max_wait < 0:
        raise ValueError(f"max_batch={max_batch}, max_wait={max_wait}")
    app = web.Application(middlewares=[as_json], client_max_size=1024 * 1024)
    app[BATCHER] = Batcher(model, max_batch, max_wait)
    app.cleanup_ctx.append(app[BATCHER])
    app.add_routes([web.post("/infer", infer), web.get("/health", health)])
    return app
