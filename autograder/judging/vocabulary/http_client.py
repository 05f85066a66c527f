"""Clients of an HTTP server, in a process beside the submission that serves.

A source for ``beside_server``: none of the student's code is in it. Its port is that of a control
connection, which the observation opens.
"""

from __future__ import annotations

__all__ = ["HTTP_CLIENT"]

HTTP_CLIENT = r"""
import asyncio, json, socket, time

control = None


def listen():
    # Port of the control connection, over which the student's process says where it serves.
    global control
    control = socket.create_server(("127.0.0.1", 0))
    control.settimeout(8)
    return control.getsockname()[1]


async def send(reader, writer, request):
    body = request.get("body", "")
    body = body.encode() if isinstance(body, str) else body
    body += b" " * request.get("pad", 0)
    head = [
        request.get("method", "POST") + " " + request.get("path", "/infer") + " HTTP/1.1",
        "Host: 127.0.0.1", "Connection: close", "Content-Type: application/json",
    ]
    if request.get("chunked"):
        head.append("Transfer-Encoding: chunked")
        step = 65536
        parts = [body[i:i + step] for i in range(0, len(body), step)] + [b""]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    elif request.get("method") != "GET":
        head.append("Content-Length: %d" % len(body))
    writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + body)
    sent = time.monotonic()
    raw = await reader.readuntil(b"\r\n\r\n")
    lines = raw.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    if "content-length" in fields:
        text = await reader.readexactly(int(fields["content-length"]))
    elif "chunked" in fields.get("transfer-encoding", ""):
        text = b""
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            part = await reader.readexactly(size + 2)
            if not size:
                break
            text += part[:-2]
    else:
        text = await reader.read()
    return [status, text[:6000].decode("utf-8", "replace"), sent, time.monotonic()]


async def ask(request, go=None, ready=None):
    global PATIENCE
    writer = None
    try:
        async with asyncio.timeout(PATIENCE):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", PORT, limit=1 << 20)
            finally:
                if ready is not None:
                    ready.release()
            if go is not None:
                await go.wait()
            return await send(reader, writer, request)
    except TimeoutError:
        PATIENCE = 0.5  # it has failed; only how badly is still of interest
        return ["no answer", "", 0.0, 0.0]
    except Exception as error:
        return ["connection lost", type(error).__name__, 0.0, 0.0]
    finally:
        if writer is not None:
            writer.close()


class Peer:
    # The control connection: orders to the server's process, and what it says happened.

    def __init__(self, reader, writer):
        self.reader, self.writer, self.heard = reader, writer, []

    def tell(self, word):
        self.writer.write(json.dumps(word).encode() + b"\n")

    async def hear(self, word):
        try:
            async with asyncio.timeout(PATIENCE):
                while word not in self.heard:
                    line = await self.reader.readline()
                    if not line:
                        return
                    self.heard.append(json.loads(line))
                self.heard.remove(word)
        except TimeoutError:
            pass


async def follow(steps):
    global PORT, PATIENCE
    PATIENCE = 6.0
    replies, probes, waiting = [], [], []
    try:
        sock, _ = control.accept()
        peer = Peer(*await asyncio.open_connection(sock=sock))
        async with asyncio.timeout(PATIENCE):
            PORT = json.loads(await peer.reader.readline())
    except (OSError, ValueError):  # create_app or the start of the server went wrong
        return None
    for step in steps:
        kind = step["do"]
        if kind == "burst":
            # Everybody is connected before anybody speaks.
            go, ready = asyncio.Event(), asyncio.Semaphore(0)
            waiting.extend(asyncio.create_task(ask(r, go, ready)) for r in step["requests"])
            for _ in step["requests"]:
                await ready.acquire()
            go.set()
            await asyncio.sleep(0)
        elif kind == "join":
            replies.extend(await asyncio.gather(*waiting))
            waiting.clear()
        elif kind == "probe":
            for _ in range(step["count"]):
                probes.append(await ask({"method": "GET", "path": "/health"}))
        elif kind == "forward":
            await peer.hear("forward")
        elif kind == "release":
            peer.tell("release")
        elif kind == "pause":
            await asyncio.sleep(step["seconds"])
        elif kind == "say":
            peer.tell(step["word"])
            await peer.hear(step["word"])
    # Where a request was never answered there is nothing left to wait for.
    stuck = any(type(reply[0]) is str for reply in replies)
    peer.tell("stuck" if stuck else "end")
    await peer.writer.drain()
    return [replies, probes]


def serve(steps):
    return asyncio.run(follow(steps))
"""
"""``serve(steps)`` follows a plan and gives ``[replies, probes]``; None where the observation does
not connect and say, as a line of JSON, at which port it serves.

A reply is ``[status, body, sent, received]``; in place of the status "no answer" or "connection
lost". Each step is a dict; what it does is its ``do``:

* ``burst``: send ``requests`` at once (keys ``body``, a text or bytes, ``path``, ``method``,
  ``chunked``, ``pad``)
* ``join``: wait for all replies; ``probe``: ask GET /health ``count`` times
* ``forward``: wait until the observation says ``"forward"``; ``release``: tell it to go on
* ``pause`` for ``seconds``; ``say`` a ``word`` and wait until the observation says it as well

At the end it tells the observation ``"end"``, or ``"stuck"`` where a request was never answered.
"""
