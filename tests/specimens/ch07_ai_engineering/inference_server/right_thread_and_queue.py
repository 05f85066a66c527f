# right: a plain thread of its own batches from a queue.Queue, no executor, class-based handlers
import asyncio
import queue
import threading
import time

import numpy
import torch
from aiohttp import web

STOP = object()


class Server:
    def __init__(self, model, max_batch, max_wait):
        self.model, self.max_batch, self.max_wait = model, max_batch, max_wait
        self.inbox = queue.Queue()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def work(self):
        torch.set_grad_enabled(False)
        kept = None
        while True:
            first = kept or self.inbox.get()
            kept = None
            if first is STOP:
                return
            batch, end = [first], time.perf_counter() + self.max_wait
            while len(batch) < self.max_batch:
                try:
                    item = self.inbox.get(timeout=max(0, end - time.perf_counter()))
                except queue.Empty:
                    break
                # A batch has one shape; a row of another one begins the next batch.
                if item is STOP or item[0].shape != first[0].shape:
                    kept = item
                    break
                batch.append(item)
            self.run(batch)
            if kept is STOP:
                return

    def run(self, batch):
        try:
            x = torch.from_numpy(numpy.stack([row for row, _, _ in batch]))
            results = [(y, None) for y in self.model(x).numpy().tolist()]
        except BaseException as error:
            results = [(None, error)] * len(batch)
        for (_, loop, future), result in zip(batch, results):
            loop.call_soon_threadsafe(self.settle, future, result)

    @staticmethod
    def settle(future, result):
        if not future.cancelled():
            future.set_result(result)

    async def infer(self, request):
        try:
            data = await request.json()
            values = data["input"]
            if not isinstance(values, list):
                raise TypeError("input must be a list")
            flat = list(values)
            while flat:
                value = flat.pop()
                if isinstance(value, list):
                    flat.extend(value)
                elif type(value) not in (int, float):
                    raise TypeError("input must hold numbers")
            row = numpy.asarray(values, dtype=numpy.float32)
            if not row.size or not numpy.isfinite(row).all():
                raise ValueError("input must be finite and not empty")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise web.HTTPUnprocessableEntity(text=f"bad input: {error}")
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self.inbox.put((row, loop, future))
        output, error = await future
        if error is not None:
            raise web.HTTPInternalServerError(text=f"model: {error!r}")
        return web.json_response({"output": output, "rows": 1})

    async def health(self, request):
        return web.Response(text="OK")

    async def start(self, app):
        self.thread.start()

    async def stop(self, app):
        self.inbox.put(STOP)
        await asyncio.to_thread(self.thread.join)


def create_app(model, max_batch=32, max_wait=0.005):
    if not isinstance(max_batch, int) or max_batch < 1:
        raise ValueError(f"max_batch must be a positive int: {max_batch!r}")
    if max_wait < 0:
        raise ValueError(f"max_wait must not be negative: {max_wait!r}")
    server = Server(model, max_batch, max_wait)
    app = web.Application()
    app.add_routes([web.post("/infer", server.infer), web.get("/health", server.health)])
    app.on_startup.append(server.start)
    app.on_cleanup.append(server.stop)
    return app
