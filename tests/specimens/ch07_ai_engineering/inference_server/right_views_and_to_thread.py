# right: class-based views; a batch for each shape, filled by requests and run by asyncio.to_thread
from __future__ import annotations

import asyncio
import json
import logging

import numpy as np
import torch
from aiohttp import web

logging.getLogger("aiohttp.access").setLevel(logging.WARNING)


class Batch:
    """Rows of one shape that will share a forward."""

    def __init__(self, server):
        self.server, self.rows = server, []
        self.full = asyncio.Event()
        self.task = asyncio.get_running_loop().create_task(self.run())
        server.tasks.add(self.task)
        self.task.add_done_callback(server.tasks.discard)

    def add(self, row):
        self.rows.append(row)
        if len(self.rows) >= self.server.max_batch:
            self.close()
            self.full.set()
        return len(self.rows) - 1

    def close(self):
        for shape, batch in list(self.server.open.items()):
            if batch is self:
                del self.server.open[shape]

    async def run(self):
        try:
            await asyncio.wait_for(self.full.wait(), self.server.max_wait)
        except asyncio.TimeoutError:
            self.close()
        async with self.server.turn:
            return await asyncio.to_thread(self.server.forward, np.stack(self.rows))


class Server:
    def __init__(self, model, max_batch, max_wait):
        self.model, self.max_batch, self.max_wait = model, max_batch, max_wait
        self.open, self.tasks = {}, set()

    async def start(self, app):
        self.turn = asyncio.Lock()

    async def stop(self, app):
        while self.tasks:
            await asyncio.wait(list(self.tasks))

    @torch.no_grad()
    def forward(self, rows):
        return self.model(torch.from_numpy(rows)).detach().cpu().numpy()

    async def answer(self, row):
        batch = self.open.get(row.shape)
        if batch is None:
            batch = self.open[row.shape] = Batch(self)
        place = batch.add(row)
        rows = await asyncio.shield(batch.task)
        return rows[place].tolist()


SERVER = web.AppKey("server", Server)


class Infer(web.View):
    async def post(self):
        text = await self.request.read()
        try:
            body = json.loads(text)
            if not isinstance(body, dict) or not isinstance(body.get("input"), list):
                raise ValueError('the body must be {"input": [...]}')
            plain = np.array(body["input"])
            if plain.dtype.kind not in "iuf" or _has_bool(body["input"]):
                raise ValueError("only numbers, please")
            with np.errstate(over="ignore"):
                row = plain.astype(np.float32)
            if not row.size or not np.isfinite(row).all():
                raise ValueError("no numbers, or not finite ones")
        except (ValueError, OverflowError, RecursionError) as error:
            raise web.HTTPBadRequest(text=f"bad request: {error}") from error
        try:
            output = await self.request.app[SERVER].answer(row)
        except Exception as error:
            return web.json_response({"error": repr(error)}, status=500)
        return web.json_response({"output": output})


def _has_bool(value):
    return any(map(_has_bool, value)) if isinstance(value, list) else isinstance(value, bool)


class Health(web.View):
    async def get(self):
        return web.json_response({"status": "up"})


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1:
        raise ValueError(f"max_batch must be at least 1, got {max_batch}")
    if max_wait < 0:
        raise ValueError(f"max_wait must be at least 0, got {max_wait}")
    app = web.Application()
    server = app[SERVER] = Server(model, max_batch, max_wait)
    app.on_startup.append(server.start)
    app.on_cleanup.append(server.stop)
    app.router.add_view("/infer", Infer)
    app.router.add_view("/health", Health)
    return app
