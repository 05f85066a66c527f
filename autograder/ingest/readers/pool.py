"""The side of a run: some servers of readers, asked in parallel, replaced when they end."""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import LifoQueue
from types import TracebackType

from autograder import environment
from autograder.ingest.readers.limits import MOST_WAITS
from autograder.ingest.readers.protocol import (
    FAULT,
    Reply,
    Request,
    read_frame,
    unpacked,
    write_frame,
)
from autograder.machine import cores
from autograder.outline import Course

MOST = 4
"""Servers at a time: reading is short, and each may hold a reader's worth of memory."""

AHEAD = 128
"""Requests on their way: one that takes long holds up none but those beyond."""

_PATIENCE = 30.0  # seconds beyond what a reader may take until the server itself is ended


class _Server:
    """One ``autograder.ingest.readers.server``, started when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._stopped = False

    def ask(self, request: Request) -> Reply:
        """One reply, whatever happens; a server that ends is replaced and asked once more."""
        frame = pickle.dumps(request)
        for _ in range(2):
            try:
                data = self._exchange(frame, MOST_WAITS * request.limits.wall + _PATIENCE)
            except OSError:
                data = None
            if data is not None:
                return _reply(data)
            self.close()
            if self._stopped:
                return Reply(trouble="reading was stopped", end=FAULT)
        return Reply(trouble="the process that reads submissions ended twice", end=FAULT)

    def _exchange(self, frame: bytes, seconds: float) -> bytes | None:
        with self._starting:
            if self._stopped:
                return None
            if self._process is None:
                # In a session of its own: Ctrl-C is for the run, which ends its servers.
                self._process = subprocess.Popen(
                    [*environment.PYTHON, "-m", "autograder.ingest.readers.server"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=environment.helper(),
                    start_new_session=True,
                )
            process = self._process
        assert process.stdin is not None and process.stdout is not None
        ends = threading.Timer(seconds, process.kill)
        ends.daemon = True
        ends.start()
        try:
            write_frame(process.stdin, frame)  # type: ignore[arg-type]
            return read_frame(process.stdout)  # type: ignore[arg-type]
        finally:
            ends.cancel()

    def stop(self) -> None:
        """Kill the server and what it reads with, from any thread; there is no other one."""
        with self._starting:
            self._stopped = True
            process = self._process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    def close(self) -> None:
        """End the server and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _reply(data: bytes) -> Reply:
    try:
        inner, cpu, peak = unpacked(data)
        value, trouble, end = unpacked(inner)
        return Reply(value, str(trouble), str(end), float(cpu), int(peak))
    except (ValueError, TypeError) as error:
        return Reply(trouble=f"the reader's answer could not be read ({error})"[:300], end=FAULT)


class Readers:
    """Servers of readers; may be used by several threads. Close it when done."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or min(MOST, cores())
        self.stopped = False
        self._servers = [_Server() for _ in range(self.count)]
        self._free: LifoQueue[_Server] = LifoQueue()  # one that has been started goes first
        for server in reversed(self._servers):
            self._free.put(server)

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, request: Request) -> Reply:
        """Have one submission read."""
        server = self._free.get()
        try:
            return server.ask(request)
        finally:
            self._free.put(server)

    def ask_all(self, requests: Iterable[Request]) -> Generator[Reply, None, None]:
        """Have many read at a time; the replies in the order of the requests, as they come.

        Requests are taken as they are sent, and no more than :data:`AHEAD` of them are on their
        way. Left by an exception (Ctrl-C), or closed before its end, it ends at once, and these
        readers read no more.
        """
        threads = ThreadPoolExecutor(self.count)
        waiting: deque[Future[Reply]] = deque()
        try:
            for request in requests:
                waiting.append(threads.submit(self.ask, request))
                if len(waiting) >= AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            self.stopped = True
            threads.shutdown(wait=False, cancel_futures=True)
            for server in self._servers:
                server.stop()
            raise
        finally:
            threads.shutdown()

    def close(self) -> None:
        """End the servers."""
        for server in self._servers:
            server.close()


_lock = threading.Lock()
_shared: tuple[int, Readers] | None = None


def shared() -> Readers:
    """The readers of this process, started on first use and ended with it."""
    global _shared
    with _lock:
        if _shared is None or _shared[0] != os.getpid() or _shared[1].stopped:
            _shared = (os.getpid(), Readers())
            atexit.register(_shared[1].close)
        return _shared[1]


def read(request: Request) -> Reply:
    """Have one submission read by this process's readers."""
    return shared().ask(request)


def make_ready(course: Course) -> None:
    """Have one of them import what showing a notebook takes, while this process does other work."""
    request = Request("ready", (course, {}))
    threading.Thread(target=read, args=(request,), daemon=True).start()
