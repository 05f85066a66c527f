# right: no batcher task; a list and a timer for each shape, the default executor and a lock
import asyncio
import json
import math
from collections import defaultdict

import torch
from aiohttp import web

routes = web.RouteTableDef()
BATCHES = web.AppKey("batches", object)


def walk(value, depth=0):
    if isinstance(value, list) and depth < 16:
        sizes = [walk(item, depth + 1) for item in value]
        if not sizes or sizes.count(sizes[0]) != len(sizes):
            raise ValueError("empty or ragged")
        return [len(sizes)] + sizes[0]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("only finite numbers")
    return []


class Batches:
    def __init__(self, model, max_batch, max_wait):
        self.model = model
        self.max_batch = max_batch
        self.max_wait = max_wait
        self.open = defaultdict(list)
        self.timers = {}
        self.running = set()
        self.lock = asyncio.Lock()

    def add(self, row):
        future = asyncio.get_running_loop().create_future()
        key = tuple(row.shape)
        waiting = self.open[key]
        waiting.append((row, future))
        if key not in self.timers and not self.lock.locked():
            self.arm(key)
        return future

    def arm(self, key):
        loop = asyncio.get_running_loop()
        self.timers[key] = loop.call_later(self.max_wait, self.flush, key)

    def flush(self, key):
        self.timers.pop(key, None)
        waiting = self.open.pop(key, [])
        batch, rest = waiting[: self.max_batch], waiting[self.max_batch :]
        if rest:
            self.open[key] = rest
        if batch:
            task = asyncio.ensure_future(self.run(batch))
            self.running.add(task)
            task.add_done_callback(self.running.discard)

    @torch.inference_mode()
    def compute(self, x):
        return self.model(x)

    async def run(self, batch):
        async with self.lock:
            try:
                x = torch.stack([row for row, _ in batch])
                y = await asyncio.to_thread(self.compute, x)
                for (_, future), out in zip(batch, y):
                    future.set_result(out.tolist())
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
        for key in list(self.open):
            if key not in self.timers:
                self.arm(key)


@routes.get("/health")
async def health(request):
    return web.json_response({})


@routes.post("/infer")
async def infer(request):
    raw = await request.read()
    try:
        data = json.loads(raw)
        walk(data["input"]) or math.sqrt(-1)
        row = torch.tensor(data["input"], dtype=torch.float32)
    except (ValueError, LookupError, TypeError) as error:
        return web.Response(status=400, text=str(error) or "bad request")
    try:
        return web.json_response({"output": await request.app[BATCHES].add(row)})
    except Exception as error:
        return web.json_response({"message": type(error).__name__}, status=500)


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch <= 0 or max_wait < 0:
        raise ValueError(f"max_batch {max_batch}, max_wait {max_wait}")
    app = web.Application()
    app[BATCHES] = Batches(model, max_batch, max_wait)
    app.add_routes(routes)
    return app
