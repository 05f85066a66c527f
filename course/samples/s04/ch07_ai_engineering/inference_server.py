"""create_app: an inference server that batches, validates and shuts down cleanly."""

from __future__ import annotations

from collections.abc import Callable

import torch
from aiohttp import web


def create_app(
    model: Callable[[torch.Tensor], torch.Tensor], max_batch: int = 32, max_wait: float = 0.005
) -> web.Application:
    """An aiohttp application that serves ``model``; run it with ``web.run_app(create_app(m))``.

    ``model`` is a module or another callable. It takes a float32 tensor of shape ``(B, …)``
    and returns one with ``B`` rows; it may be slow, and it may raise.

    ``POST /infer`` takes ``{"input": [...]}``, one row of numbers (nested lists for a row of
    more dimensions), and answers ``{"output": [...]}``, the model's output for that row.

    * Requests that wait at the same time share a forward: at most ``max_batch`` rows, and the
      first of them waits about ``max_wait`` seconds for others. On a model with a fixed cost a
      call the server is at least 4 times as fast as with a forward for each request.
    * A forward never holds up the event loop, and it builds no gradients. The gradient mode
      that other code on the loop sees stays as it is.
    * Bad JSON, a missing key, an input that is no list, is ragged, is empty, or holds anything
      but finite numbers is answered with a status of 4xx and a message in JSON or text. A
      body of more than 1 MiB is answered with 413.
    * A row of another shape, whether the model accepts it or not, does no harm to the rows
      that wait beside it; a shape that the model refuses is answered with 4xx or 500.
    * Where the model raises, the answer is 500, and the server goes on serving.
    * Shutting the application down answers the requests that are in flight first.

    ``GET /health`` answers 200 at once, even while a forward runs.

    Raises ``ValueError`` if ``max_batch`` is below 1 or ``max_wait`` below 0.

    >>> app = create_app(torch.nn.Linear(3, 2), max_batch=8)
    >>> sorted({route.resource.canonical for route in app.router.routes()})
    ['/health', '/infer']
    """
    raise NotImplementedError("inference_server: write your solution here")
