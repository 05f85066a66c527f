# wrong: waits max_wait for each further row, not once for a batch  [test_waits_for_company]
import asyncio
import json
import math

import torch
from aiohttp import web


def _check(value):
    """shape of a nested list of finite numbers"""
    if isinstance(value, list):
        if not value:
            raise ValueError("empty list")
        shapes = [_check(v) for v in value]
        if any(s != shapes[0] for s in shapes):
            raise ValueError("ragged list")
        return (len(value), *shapes[0])
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"not a number: {value!r}")
    if not math.isfinite(value):
        raise ValueError("NaN or infinity")
    return ()


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1:
        raise ValueError(f"max_batch must be >= 1, got {max_batch}")
    if max_wait < 0:
        raise ValueError(f"max_wait must be >= 0, got {max_wait}")

    def forward(rows):
        with torch.inference_mode():
            return model(torch.stack(rows)).tolist()

    async def run(group):
        try:
            out = await asyncio.to_thread(forward, [row for row, _ in group])
            if len(out) != len(group):
                raise RuntimeError("wrong number of rows")
        except Exception as error:
            if len(group) > 1:
                for one in group:
                    await run([one])
                return
            out = [error]
        for (_, fut), o in zip(group, out, strict=True):
            if not fut.done():
                if isinstance(o, Exception):
                    fut.set_exception(o)
                else:
                    fut.set_result(o)

    async def batcher(q):
        while True:
            first = await q.get()
            if first is None:
                return
            batch = [first]
            last = False
            while len(batch) < max_batch:
                try:
                    item = await asyncio.wait_for(q.get(), max_wait)
                except TimeoutError:
                    break
                if item is None:
                    last = True
                    break
                batch.append(item)
            groups = {}
            for item in batch:
                groups.setdefault(item[0].shape, []).append(item)
            for group in groups.values():
                await run(group)
            if last:
                return

    queue_key = web.AppKey("queue", asyncio.Queue)

    async def context(app):
        app[queue_key] = asyncio.Queue()
        task = asyncio.create_task(batcher(app[queue_key]))
        yield
        await app[queue_key].put(None)
        await task

    async def infer(request):
        try:
            data = json.loads(await request.text())
            if not isinstance(data, dict) or "input" not in data:
                raise ValueError("expected {'input': [...]}")
            if not isinstance(data["input"], list):
                raise ValueError("input must be a list")
            _check(data["input"])
            row = torch.tensor(data["input"], dtype=torch.float32)
        except (ValueError, OverflowError, RuntimeError, RecursionError, LookupError) as e:
            return web.json_response({"error": str(e)}, status=400)
        fut = asyncio.get_running_loop().create_future()
        await request.app[queue_key].put((row, fut))
        try:
            return web.json_response({"output": await fut})
        except Exception as e:
            return web.json_response({"error": f"model failed: {e}"}, status=500)

    async def health(request):
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.cleanup_ctx.append(context)
    app.router.add_post("/infer", infer)
    app.router.add_get("/health", health)
    return app
