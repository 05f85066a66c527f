"""The next student's notebook is read while nbgrader is busy with the one before."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from autograder.ingest.readers import Reply, Request, read


class Ahead:
    """Replies of a reader, one of them asked for before it is needed."""

    def __init__(self) -> None:
        self._next: tuple[Request, Future[Reply]] | None = None

    def begin(self, request: Request) -> None:
        """Have ``request`` read now."""
        reply: Future[Reply] = Future()

        def work() -> None:
            try:
                reply.set_result(read(request))
            except BaseException as error:
                reply.set_exception(error)

        self._next = request, reply
        threading.Thread(target=work, daemon=True).start()  # ctrl-C does not wait for it

    def read(self, request: Request) -> Reply:
        """The reply to ``request``, which may have been begun."""
        begun, self._next = self._next, None
        if begun is not None and begun[0] == request:
            return begun[1].result()
        return read(request)
