"""create_app: an inference server that batches, validates and shuts down cleanly."""

from __future__ import annotations

from collections.abc import Callable

import torch
from aiohttp import web

### BEGIN SOLUTION
import asyncio
import json
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np

MAX_BODY = 1024**2
MAX_WAITING = 1000

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
        # Bounded: an overload that is refused at once is better than answers that come too late.
        self._queue: asyncio.Queue[tuple[torch.Tensor, asyncio.Future[Any]]] = asyncio.Queue(
            MAX_WAITING
        )
        # One thread: forwards queue for the device anyway, and the model need not be
        # thread-safe. torch releases the GIL in its kernels, so the loop runs on meanwhile.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forward")

    async def lifetime(self, app: web.Application) -> AsyncIterator[None]:
        """Run while the app does (a ``cleanup_ctx`` of aiohttp).

        aiohttp stops listening, waits for the handlers that are still running, and only then
        comes back here, so nobody waits for the batcher any more when it is cancelled. In an
        ``on_shutdown`` hook, which runs before that wait, the same line would strand them all.
        """
        modes = {}
        if isinstance(self._model, torch.nn.Module):
            # In training mode dropout would answer at random, and batch norm would mix strangers.
            modes = {part: part.training for part in self._model.modules()}
            self._model.eval()
        worker = asyncio.create_task(self._run())
        yield
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        self._thread.shutdown(wait=False)
        for part, training in modes.items():
            part.training = training

    async def infer(self, row: torch.Tensor) -> Any:
        """The model's output for one row, as nested lists; raises what the model raised.

        Raises ``asyncio.QueueFull`` where too many wait already.
        """
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
        document = json.loads(body, parse_int=float)
    except (ValueError, RecursionError) as error:
        raise _Refused(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict) or "input" not in document:
        raise _Refused('the body must be an object with the key "input"')
    values = document["input"]
    if not isinstance(values, list):
        raise _Refused(f'"input" must be a list, not {type(values).__name__}')
    # As objects, so that NumPy converts nothing: it takes True for 1.0. Where lists are ragged,
    # some of them are still there as values.
    leaves = np.array(values, dtype=object)
    if leaves.size == 0:
        raise _Refused('"input" is empty')
    if any(type(leaf) is not float for leaf in leaves.ravel()):
        raise _Refused('"input" must hold numbers only, in lists of one length')
    with np.errstate(over="ignore"):
        array = leaves.astype(np.float32)
    # json.loads takes NaN, Infinity and 1e999, which JSON itself does not know or cannot hold.
    if not np.isfinite(array).all():
        raise _Refused('"input" must hold finite numbers (of 32 bits)')
    return torch.from_numpy(array)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


### END SOLUTION


def create_app(
    model: Callable[[torch.Tensor], torch.Tensor], max_batch: int = 32, max_wait: float = 0.005
) -> web.Application:
    """An aiohttp application that serves ``model``; run it with ``web.run_app(create_app(m))``.

    ``model`` is a module or another callable. It takes a float32 tensor of shape ``(B, …)``
    and returns one of ``B`` rows of finite numbers. It may be slow, and it may raise.

    ``POST /infer`` takes ``{"input": [...]}``, one row of numbers (nested lists for a row of
    more dimensions), and answers ``{"output": [...]}``, the model's output for that row. The
    model computes every answer anew: it may change while it is served.

    * Requests that wait at the same time share a forward of at most ``max_batch`` rows. The
      first row waits about ``max_wait`` seconds for others, not that long after each of them.
    * On a model with a fixed cost per call, the server is at least 4 times as fast as with a
      forward for each request.
    * A forward never holds up the event loop: ``GET /health`` answers 200 at once, even while
      a forward runs.
    * A forward builds no gradients. The gradient mode that other code on the loop sees stays
      as it is.
    * ``create_app`` leaves the mode of the model, training or eval, as it is. If starting the
      application changes it, shutting down puts it back.
    * Bad JSON (also bytes that are not UTF-8), a missing key, and an input that is not a list,
      is ragged, is empty, or holds anything but finite numbers are answered with a status of
      4xx and a message in JSON or text. ``true`` is not a number. UTF-16 and UTF-32, which
      ``json.loads`` takes, numbers that float32 cannot hold, and hundreds of brackets within
      each other are left open.
    * A body of more than 1 MiB is answered with 413, a smaller one is taken.
    * A row of another shape, whether the model accepts it or not, does no harm to the rows
      that wait beside it; a shape that the model refuses is answered with 4xx or 500.
    * Where the model raises, the requests of that forward are answered with 500 (unless another
      forward answers them), and the server goes on serving.
    * Shutting the application down answers the requests that are in flight first.

    ``create_app`` may be called before an event loop runs, and for several models. Each
    application serves its own model. What becomes of a request while 1000 others wait is left open.

    Raises ``ValueError`` if ``max_batch`` is below 1 or ``max_wait`` below 0.

    >>> app = create_app(torch.nn.Linear(3, 2), max_batch=8)
    >>> sorted({route.resource.canonical for route in app.router.routes()})
    ['/health', '/infer']
    """
    ### BEGIN SOLUTION
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
        except asyncio.QueueFull:
            return _error(503, "too many requests are waiting")
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
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. What a server owes its clients is mostly about strangers: they share a batch by
# accident, so nothing that one of them sends may reach another. That is why a row is checked
# before it queues, why shapes are kept apart, and why every future of a failed batch gets its
# exception: one that is forgotten is a client that waits for ever.
#
# Rows of one shape still share the fate of their forward. Where a model refuses single values
# (an index outside an embedding), run a failed batch again row by row; the price is that a
# model that is down is asked max_batch times as often.
#
# Batching trades latency for throughput: the first row waits up to max_wait. While a forward
# runs the queue fills by itself, so a busy server waits for nobody. The queue has a bound, as in
# chapter 4: without one, an overload fills the memory with requests that time out anyway.
#
# Common mistakes: `model(x)` in the handler (every /health probe times out and the
# orchestrator kills a healthy server); `asyncio.to_thread(model, x)` for each request (a
# device still takes them one by one); `with torch.no_grad(): await …`; `try: await
# request.json() except Exception` (the 413 becomes a 400); a batcher task that ends with the
# model's first exception; cancelling that task in `on_shutdown`.
### END SOLUTION
