import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from aiohttp import web


def reject_constant(name):
    raise ValueError(f"{name} is not JSON")


def to_row(raw):
    document = json.loads(raw, parse_constant=reject_constant)
    if type(document) is not dict:
        raise ValueError("send an object")
    if "input" not in document:
        raise ValueError("the key `input` is missing")
    if type(document["input"]) is not list:
        raise ValueError("`input` must be a list")
    array = np.array(document["input"])
    text = repr(document["input"])
    if array.dtype.kind not in "if" or array.size == 0 or "True" in text or "False" in text:
        raise ValueError("`input` must be a regular list of numbers")
    return torch.as_tensor(array, dtype=torch.float32)


@web.middleware
async def errors_as_json(request, handler):
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response({"detail": error.reason}, status=error.status)
    except ValueError as error:
        return web.json_response({"detail": str(error)}, status=422)


def create_app(model, max_batch=32, max_wait=0.005):
    if max_batch < 1 or max_wait < 0:
        raise ValueError("max_batch must be >= 1 and max_wait >= 0")
    pool = ThreadPoolExecutor(1)
    pending = []
    wake = None
    closing = False

    def predict(rows):
        with torch.no_grad():
            return [y.tolist() for y in model(torch.stack(rows))]

    async def settle(entries):
        loop = asyncio.get_running_loop()
        try:
            outputs = await loop.run_in_executor(pool, predict, [row for row, _ in entries])
        except Exception:
            if len(entries) > 1:
                for entry in entries:
                    await settle([entry])
            else:
                entries[0][1].set_result(None)
            return
        for (_, future), output in zip(entries, outputs, strict=True):
            future.set_result([output])

    async def batcher():
        while pending or not closing:
            if not pending:
                wake.clear()
                await wake.wait()
                await asyncio.sleep(max_wait)
            batch = pending[:max_batch]
            del pending[:max_batch]
            for shape in {row.shape for row, _ in batch}:
                await settle([entry for entry in batch if entry[0].shape == shape])

    async def infer(request):
        row = to_row(await request.read())
        future = asyncio.get_running_loop().create_future()
        pending.append((row, future))
        wake.set()
        answer = await future
        if answer is None:
            raise web.HTTPInternalServerError
        return web.json_response({"output": answer[0]})

    async def health(request):
        return web.Response(status=200)

    async def lifespan(app):
        nonlocal wake, closing
        wake = asyncio.Event()
        task = asyncio.create_task(batcher())
        yield
        closing = True
        wake.set()
        await task
        pool.shutdown()

    app = web.Application(middlewares=[errors_as_json])
    app.cleanup_ctx.append(lifespan)
    app.router.add_route("POST", "/infer", infer)
    app.router.add_route("GET", "/health", health)
    return app
