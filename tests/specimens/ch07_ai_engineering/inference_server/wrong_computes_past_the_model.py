# wrong: asks the model once, then multiplies by its weights itself  [test_a_hundred_clients]
from __future__ import annotations

from collections.abc import Callable

import torch
from aiohttp import web

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

MAX_BODY = 1024**2

log = logging.getLogger(__name__)


class _Refused(ValueError):
    """The request is at fault; the message is for the client."""


class _Batcher:
    """Collects rows that wait at the same time and runs the model on them in one thread."""

    def __init__(
        self, model: Callable[[torch.Tensor], torch.Tensor], max_batch: int, max_wait: float
    ) -> None:
        self._model = model
        self._max_batch = max_batch
        self._max_wait = max_wait
        self._queue: asyncio.Queue[tuple[torch.Tensor, asyncio.Future[Any]]] = asyncio.Queue()
        # One thread: forwards queue for the device anyway, and the model need not be
        # thread-safe. torch releases the GIL in its kernels, so the loop runs on meanwhile.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forward")

    async def lifetime(self, app: web.Application) -> AsyncIterator[None]:
        worker = asyncio.create_task(self._run())
        yield
        worker.cancel()
        self._thread.shutdown(wait=False)

    async def infer(self, row: torch.Tensor) -> Any:
        """The model's output for one row, as nested lists; raises what the model raised."""
        answer = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((row, answer))
        return await answer

    async def _run(self) -> None:
        while True:
            waiting = await self._collect()
            # Rows of different shapes cannot be stacked. Apart, they cannot harm each other.
            groups: dict[torch.Size, list[tuple[torch.Tensor, asyncio.Future[Any]]]] = {}
            for row, answer in waiting:
                groups.setdefault(row.shape, []).append((row, answer))
            for group in groups.values():
                await self._answer(group)

    async def _collect(self) -> list[tuple[torch.Tensor, asyncio.Future[Any]]]:
        """The first row that comes, and those that follow within ``max_wait``."""
        waiting = [await self._queue.get()]
        deadline = asyncio.get_running_loop().time() + self._max_wait
        try:
            async with asyncio.timeout_at(deadline):
                while len(waiting) < self._max_batch:
                    waiting.append(await self._queue.get())
        except TimeoutError:
            pass
        return waiting

    async def _answer(self, group: list[tuple[torch.Tensor, asyncio.Future[Any]]]) -> None:
        rows = [row for row, _ in group]
        loop = asyncio.get_running_loop()
        try:
            outputs = await loop.run_in_executor(self._thread, self._forward, rows)
        except Exception as error:  # whatever the model raises: the batcher outlives it
            log.warning("the model failed on a batch of %d", len(rows), exc_info=error)
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(RuntimeError(f"the model raised {type(error).__name__}"))
            return
        for (_, answer), output in zip(group, outputs, strict=True):
            if not answer.done():  # the client may have gone, and its handler been cancelled
                answer.set_result(output)

    def _forward(self, rows: list[torch.Tensor]) -> list[Any]:
        # The gradient mode belongs to the thread. It is switched here, around the call itself:
        # around an `await` it would apply to whatever else the loop runs in the meantime, and
        # not at all to the thread that runs the model.
        with torch.inference_mode():
            outputs = self._model(torch.stack(rows)).tolist()
        if len(outputs) != len(rows):
            raise ValueError(f"{len(outputs)} outputs for {len(rows)} rows")
        return outputs


def _row(body: bytes) -> torch.Tensor:
    """The row in a request's body; raises :class:`_Refused`."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Refused(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict) or "input" not in document:
        raise _Refused('the body must be an object with the key "input"')
    values = document["input"]
    if not isinstance(values, list):
        raise _Refused(f'"input" must be a list, not {type(values).__name__}')
    try:
        array = np.array(values)
    except ValueError:
        raise _Refused('"input" is ragged: lists of one level must have one length') from None
    if array.size == 0:
        raise _Refused('"input" is empty')
    # Text, null, objects and integers beyond 64 bits leave NumPy with another kind of array.
    if array.dtype.kind not in "iuf" or any(word in repr(values) for word in ("True", "False")):
        raise _Refused('"input" must hold numbers only')
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    # json.loads takes NaN, Infinity and 1e999, which JSON itself does not know or cannot hold.
    if not np.isfinite(array).all():
        raise _Refused('"input" must hold finite numbers (of 32 bits)')
    return torch.from_numpy(array)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


def create_app(
    model: Callable[[torch.Tensor], torch.Tensor], max_batch: int = 32, max_wait: float = 0.005
) -> web.Application:
    if not callable(model):
        raise TypeError(f"model must be callable, not {model!r}")
    if isinstance(max_batch, bool) or not isinstance(max_batch, int):
        raise TypeError(f"max_batch must be an int, not {max_batch!r}")
    if max_batch < 1:
        raise ValueError(f"max_batch must be at least 1, not {max_batch!r}")
    if isinstance(max_wait, bool) or not isinstance(max_wait, int | float):
        raise TypeError(f"max_wait must be a number of seconds, not {max_wait!r}")
    if not max_wait >= 0:  # written so that NaN is refused, too
        raise ValueError(f"max_wait must not be negative, not {max_wait!r}")

    batcher = _Batcher(model, max_batch, max_wait)

    async def infer(request: web.Request) -> web.Response:
        # read() raises the 413 itself; a bare `except Exception` here would turn it into a 400.
        body = await request.read()
        try:
            # Before the row joins a batch: whatever is wrong with it is nobody else's trouble.
            row = _row(body)
        except _Refused as refused:
            return _error(400, str(refused))
        try:
            text = json.dumps({"output": await batcher.infer(row)}, allow_nan=False)
        except (RuntimeError, ValueError) as error:
            return _error(500, str(error))
        return web.json_response(text=text)

    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_post("/infer", infer)
    app.router.add_get("/health", health)
    app.cleanup_ctx.append(batcher.lifetime)
    return app


_good = create_app


def create_app(model, max_batch=32, max_wait=0.005):
    calls = []

    def shortcut(x):
        weight, bias = getattr(model, "weight", None), getattr(model, "bias", None)
        calls.append(len(x))
        if len(calls) == 1 or weight is None or weight.dim() != 2 or x.dim() != 2:
            return model(x)
        return x @ weight.T + bias

    return _good(shortcut, max_batch, max_wait)
