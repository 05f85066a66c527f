# wrong: groups rows by their length, not by their shape  [test_other_shapes]
import asyncio
from concurrent.futures import ThreadPoolExecutor

import torch
from aiohttp import web


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1:
        raise ValueError("max_batch: %r" % (max_batch,))
    if max_wait < 0:
        raise ValueError("max_wait: %r" % (max_wait,))
    pending = {}
    tasks = set()
    pool = ThreadPoolExecutor(max_workers=1)

    @torch.no_grad()
    def compute(batch):
        return [r.tolist() for r in model(torch.tensor([x for x, _ in batch], dtype=torch.float32))]

    async def flush_later(batch):
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.run_in_executor(pool, compute, batch)
        except Exception as e:
            rows = None
            err = e
        for i, (_, f) in enumerate(batch):
            if f.done():
                continue
            if rows is None:
                f.set_exception(err)
            else:
                f.set_result(rows[i])

    def flush(shape):
        batch, timer = pending.pop(shape)
        timer.cancel()
        t = asyncio.ensure_future(flush_later(batch))
        tasks.add(t)
        t.add_done_callback(tasks.discard)

    def submit(x, shape):
        loop = asyncio.get_running_loop()
        f = loop.create_future()
        if shape not in pending:
            pending[shape] = ([], loop.call_later(max_wait, flush, shape))
        pending[shape][0].append((x, f))
        if len(pending[shape][0]) >= max_batch:
            flush(shape)
        return f

    async def infer(request):
        try:
            data = await request.json()
            x = data["input"]
            assert isinstance(x, list)
            assert "True" not in repr(x) and "False" not in repr(x)
            t = torch.tensor(x, dtype=torch.float32)
            assert t.numel() > 0 and bool(torch.isfinite(t).all())
        except web.HTTPException:
            raise
        except Exception as e:
            return web.Response(status=400, text="bad request: %r" % (e,))
        try:
            out = await submit(x, len(x))
        except Exception as e:
            return web.Response(status=500, text="model error: %r" % (e,))
        return web.json_response(dict(output=out))

    async def health(request):
        return web.json_response({"ok": True})

    async def drain(app):
        for shape in list(pending):
            flush(shape)
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        pool.shutdown()

    app = web.Application()
    app.add_routes([web.post("/infer", infer), web.get("/health", health)])
    app.on_cleanup.append(drain)
    return app
