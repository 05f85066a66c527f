# wrong: makes tensors of the rows in the batcher, so a bad value fails the batch  [test_bad_requests_among_good_ones]
import asyncio
import json
import math

import torch
from aiohttp import web


class BadRow(Exception):
    pass


def shape_of(value):
    if isinstance(value, list):
        if not value:
            raise BadRow("empty list")
        shapes = {shape_of(v) for v in value}
        if len(shapes) != 1:
            raise BadRow("ragged list")
        return (len(value), *shapes.pop())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRow("not a number")
    if not math.isfinite(value):
        raise BadRow("not finite")
    return ()


def parse(body):
    try:
        data = json.loads(body)
    except ValueError:
        raise BadRow("bad JSON")
    if not isinstance(data, dict) or "input" not in data:
        raise BadRow("no key 'input'")
    if not isinstance(data["input"], list):
        raise BadRow("'input' is not a list")
    return data["input"]


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1:
        raise ValueError(f"max_batch={max_batch}")
    if max_wait < 0:
        raise ValueError(f"max_wait={max_wait}")
    app = web.Application()
    state = {}

    def forward(rows):
        with torch.no_grad():
            return model(torch.tensor(rows, dtype=torch.float32)).tolist()

    async def serve_group(group):
        loop = asyncio.get_running_loop()
        try:
            outputs = await loop.run_in_executor(None, forward, [row for row, _ in group])
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), output in zip(group, outputs):
                if not future.done():
                    future.set_result(output)

    async def batcher():
        queue = state["queue"]
        while True:
            batch = [await queue.get()]
            end = asyncio.get_running_loop().time() + max_wait
            while len(batch) < max_batch:
                left = end - asyncio.get_running_loop().time()
                if left <= 0 and queue.empty():
                    break
                try:
                    batch.append(await asyncio.wait_for(queue.get(), max(left, 0.0001)))
                except asyncio.TimeoutError:
                    break
            groups = {}
            for item in batch:
                groups.setdefault(0, []).append(item)
            for group in groups.values():
                await serve_group(group)

    async def infer(request):
        body = await request.read()
        try:
            row = parse(body)
        except BadRow as error:
            return web.json_response({"error": str(error)}, status=400)
        future = asyncio.get_running_loop().create_future()
        await state["queue"].put((row, future))
        try:
            output = await future
        except Exception:
            return web.json_response({"error": "model failed"}, status=500)
        return web.json_response({"output": output})

    async def health(request):
        return web.json_response({"status": "ok"})

    async def start(app):
        state["queue"] = asyncio.Queue()
        state["task"] = asyncio.create_task(batcher())

    async def stop(app):
        state["task"].cancel()

    app.on_startup.append(start)
    app.on_cleanup.append(stop)
    app.router.add_post("/infer", infer)
    app.router.add_get("/health", health)
    return app
