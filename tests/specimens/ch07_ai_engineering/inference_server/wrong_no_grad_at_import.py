# wrong: switches gradients off for the whole main thread, on import  [test_no_gradients]
import asyncio
import json
import math

import torch
from aiohttp import web

torch.set_grad_enabled(False)


def shape(x):
    if isinstance(x, list):
        if not x:
            raise ValueError("empty list")
        kinds = {shape(y) for y in x}
        if len(kinds) > 1:
            raise ValueError("ragged")
        return (len(x), *kinds.pop())
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        raise ValueError(f"no number: {x!r}")
    if not math.isfinite(x):
        raise ValueError("not finite")
    return ()


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1 or max_wait < 0:
        raise ValueError(f"{max_batch=} {max_wait=}")
    state = {}

    def forward(rows):
        with torch.no_grad():
            return model(torch.stack(rows)).tolist()

    async def run(group):
        rows = [r for r, _ in group]
        try:
            outs = await asyncio.to_thread(forward, rows)
        except Exception as e:
            for _, f in group:
                if not f.done():
                    f.set_exception(e)
            return
        for (_, f), o in zip(group, outs):
            if not f.done():
                f.set_result(o)

    async def batcher():
        q, loop = state["q"], asyncio.get_running_loop()
        while True:
            jobs = [await q.get()]
            end = loop.time() + max_wait
            while len(jobs) < max_batch:
                try:
                    jobs.append(await asyncio.wait_for(q.get(), end - loop.time()))
                except asyncio.TimeoutError:
                    break
            groups = {}
            for j in jobs:
                groups.setdefault(j[0].shape, []).append(j)
            for g in groups.values():
                await run(g)

    async def infer(request):
        body = await request.read()
        try:
            x = json.loads(body)["input"]
            if not isinstance(x, list):
                raise ValueError("input is no list")
            shape(x)
            row = torch.tensor(x, dtype=torch.float32)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as e:
            return web.Response(status=400, text=f"bad request: {e!r}")
        f = asyncio.get_running_loop().create_future()
        state["q"].put_nowait((row, f))
        try:
            out = await f
        except Exception as e:
            return web.Response(status=500, text=f"model failed: {e!r}")
        return web.json_response({"output": out})

    async def health(request):
        return web.Response(text="ok")

    async def life(app):
        state["q"] = asyncio.Queue()
        task = asyncio.create_task(batcher())
        yield
        task.cancel()

    app = web.Application()
    app.add_routes([web.post("/infer", infer), web.get("/health", health)])
    app.cleanup_ctx.append(life)
    return app
