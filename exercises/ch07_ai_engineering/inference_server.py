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
    raise NotImplementedError("inference_server: write your solution here")
