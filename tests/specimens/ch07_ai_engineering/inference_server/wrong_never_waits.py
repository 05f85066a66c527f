# wrong: batches what is queued already and never waits for more  [test_waits_for_company]
import asyncio
import json

import torch
from aiohttp import web


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1 or max_wait < 0:
        raise ValueError(f"bad max_batch {max_batch!r} or max_wait {max_wait!r}")
    waiting = []
    state = {}

    def forward(rows):
        with torch.no_grad():
            return model(torch.stack(rows)).tolist()

    async def work():
        while True:
            await state["event"].wait()
            batch = [w for w in waiting if w[0].shape == waiting[0][0].shape][:max_batch]
            for item in batch:
                waiting.remove(item)
            if not waiting:
                state["event"].clear()
            try:
                answers = await asyncio.to_thread(forward, [r for r, _ in batch])
            except Exception:
                answers = [None] * len(batch)
            for (_, future), answer in zip(batch, answers):
                if not future.done():
                    future.set_result(answer)

    async def infer(request):
        body = await request.read()
        try:
            values = json.loads(body)["input"]
            assert type(values) is list and values
            assert "True" not in repr(values) and "False" not in repr(values)
            row = torch.tensor(values, dtype=torch.float32)
            assert bool(row.isfinite().all())
        except Exception:
            return web.Response(status=400, text="send one row of finite numbers as input")
        future = asyncio.get_running_loop().create_future()
        waiting.append(Item((row, future)))
        state["event"].set()
        answer = await future
        if answer is None:
            return web.Response(status=500, text="the model failed")
        return web.json_response({"output": answer})

    async def health(request):
        return web.Response(text="fine")

    async def lifetime(app):
        state["event"] = asyncio.Event()
        task = asyncio.create_task(work())
        yield
        task.cancel()

    app = web.Application()
    app.router.add_post("/infer", infer)
    app.router.add_get("/health", health)
    app.cleanup_ctx.append(lifetime)
    return app


class Item(tuple):
    """A row and its future, compared by identity: tensors have an == of their own."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other
