# wrong: a batch that still waits for more rows when the application shuts down is thrown away  [test_drains_on_shutdown]
from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from aiohttp import web

MIB = 1024**2


def _check(value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _check(item)
    elif type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("only finite numbers, please")


def _parse(body: bytes) -> torch.Tensor:
    content = json.loads(body.decode("utf-8"))
    if not isinstance(content, dict) or "input" not in content:
        raise ValueError('an object with the key "input", please')
    values = content["input"]
    if not isinstance(values, list):
        raise ValueError("the input must be a list")
    _check(values)
    row = torch.tensor(values, dtype=torch.float32)
    if row.numel() == 0:
        raise ValueError("the input is empty")
    if not torch.isfinite(row).all():
        raise ValueError("a number is too large for float32")
    return row


class _Batcher:
    def __init__(self, model: Callable, max_batch: int, max_wait: float) -> None:
        self.model = model
        self.max_batch = max_batch
        self.max_wait = max_wait
        self.queue: asyncio.Queue = asyncio.Queue()
        self.pool = ThreadPoolExecutor(max_workers=1)

    def forward(self, rows: list[torch.Tensor]) -> list:
        with torch.no_grad():
            return self.model(torch.stack(rows)).tolist()

    async def infer(self, row: torch.Tensor) -> list:
        future = asyncio.get_running_loop().create_future()
        await self.queue.put((row, future))
        return await future

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        open_ = True
        while open_:
            item = await self.queue.get()
            if item is None:
                break
            batch = [item]
            end = loop.time() + self.max_wait
            while len(batch) < self.max_batch:
                try:
                    item = self.queue.get_nowait()
                except asyncio.QueueEmpty:
                    try:
                        item = await asyncio.wait_for(self.queue.get(), end - loop.time())
                    except asyncio.TimeoutError:
                        break
                if item is None:
                    for _, future in batch:
                        future.cancel()
                    return
                batch.append(item)
            shapes: dict = {}
            for row, future in batch:
                shapes.setdefault(row.shape, []).append((row, future))
            for group in shapes.values():
                await self.answer(group)

    async def answer(self, group: list) -> None:
        loop = asyncio.get_running_loop()
        try:
            outputs = await loop.run_in_executor(self.pool, self.forward, [row for row, _ in group])
        except Exception as error:
            if len(group) > 1:
                for pair in group:
                    await self.answer([pair])
            elif not group[0][1].done():
                group[0][1].set_exception(RuntimeError(f"the model raised {error!r}"))
            return
        for (_, future), output in zip(group, outputs):
            if not future.done():
                future.set_result(output)


def create_app(
    model: Callable[[torch.Tensor], torch.Tensor], max_batch: int = 32, max_wait: float = 0.005
) -> web.Application:
    if max_batch < 1:
        raise ValueError("max_batch must be 1 or more")
    if max_wait < 0:
        raise ValueError("max_wait must be 0 or more")
    key = web.AppKey("batcher", _Batcher)

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        batcher = app[key] = _Batcher(model, max_batch, max_wait)
        task = asyncio.create_task(batcher.run())
        yield
        await task
        batcher.pool.shutdown()

    async def infer(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            row = _parse(body)
        except (ValueError, TypeError, RecursionError, OverflowError, RuntimeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        try:
            output = await request.app[key].infer(row)
        except RuntimeError as error:
            return web.json_response({"error": str(error)}, status=500)
        return web.json_response({"output": output})

    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=MIB)
    async def close(app: web.Application) -> None:
        await app[key].queue.put(None)

    app.cleanup_ctx.append(lifetime)
    app.on_shutdown.append(close)
    app.router.add_post("/infer", infer)
    app.router.add_get("/health", health)
    return app
