"""What the checks of ``inference_server`` share: a server under load.

The app serves real HTTP on loopback inside the student's process. The load comes from a
process of its own beside it (``HTTP_CLIENT``: none of the student's code), which follows a plan of
steps and reports every reply. What must happen *during* a forward is ordered by messages
between the two, not by time: the forward blocks until the client has seen it.
"""

import json
import math

from autograder.checks import expect
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.http_client import HTTP_CLIENT
from autograder.judging.vocabulary.servers import beside_server


def tracked(compute):
    """``[result, whether it has a graph]`` of what a function computes.

    Past all that torch lets others put in between: modes, subclasses.
    """
    import torch

    with torch._C.DisableTorchFunction():
        result = compute()
        return [result, bool(torch.Tensor.requires_grad.__get__(result))]


def prepare(spec, port):
    """The model, a module that notes every forward and does what ``spec`` says, and the
    control connection. The notes go to a file, so that it does not matter which thread or
    process runs the model."""
    import asyncio
    import json
    import os
    import select
    import socket
    import tempfile
    import threading
    import time

    import torch

    gate = os.pipe()
    link = socket.create_connection(("127.0.0.1", port), 8)
    link.settimeout(None)
    log, path = tempfile.mkstemp()
    device = threading.Lock()  # one forward at a time, as on a real device
    calls = [0]
    hold = [spec.get("hold", 0)]
    loops = []  # that of the application

    class Served(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.tensor(spec["weight"], dtype=torch.float32))
            self.bias = torch.nn.Parameter(torch.tensor(spec["bias"], dtype=torch.float32))
            self.part = torch.nn.Dropout().eval()  # a frozen part of a model in training

        def forward(self, x):
            with device:
                begun = time.monotonic()
                calls[0] += 1
                released = True
                if hold[0]:
                    link.sendall(b'"forward"\n')
                    released = bool(select.select([gate[0]], [], [], hold[0])[0])
                    if not released:  # once is enough to know
                        hold[0] = 0
                if calls[0] <= spec.get("costly", 0):
                    time.sleep(spec["cost"])
                for kind, value in spec.get("poison", {}).items():
                    if bool((x == value).any()):
                        known = {
                            "RuntimeError": RuntimeError,
                            "ValueError": ValueError,
                            "KeyError": KeyError,
                        }
                        raise known.get(kind, type("ModelFailed", (Exception,), {}))("failed")
                if spec["kind"] == "linear":
                    y, graph = tracked(lambda: x @ self.weight.T + self.bias)
                else:
                    y, graph = tracked(lambda: x * self.weight + self.bias)
                here = asyncio._get_running_loop() in loops
                note = [len(x), released, graph, begun, time.monotonic(), here]
                os.write(log, (json.dumps(note) + "\n").encode())
            return y

    return {
        "gate": gate[1],
        "link": link,
        "log": log,
        "path": path,
        "model": Served(),
        "loops": loops,
        "probe": torch.ones(1, requires_grad=True),
    }


async def on_loopback(tools, app, shutdown):
    """Serve the app on a free port and do what the control connection says, until it ends."""
    import asyncio
    import json
    import os
    import threading

    from aiohttp import web

    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=shutdown)
    loop, link = asyncio.get_running_loop(), tools["link"]
    tools["loops"].append(loop)
    orders = asyncio.Queue()
    seen = {"grad": [tracked(lambda: tools["probe"] * 2)[1]]}  # what counts is what becomes of it
    cleaning = None

    def listen():
        # In a thread, so that a forward that blocks the loop is released all the same.
        with link.makefile("rb") as lines:
            for line in lines:
                word = json.loads(line)
                if word in ("release", "end", "stuck"):
                    os.write(tools["gate"], b"x")
                if word != "release":
                    loop.call_soon_threadsafe(orders.put_nowait, word)

    async def clean(patience):
        try:
            await asyncio.wait_for(runner.cleanup(), patience)
            return "done"
        except Exception as error:
            return type(error).__name__

    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    link.sendall(json.dumps(runner.addresses[0][1]).encode() + b"\n")
    threading.Thread(target=listen, daemon=True).start()
    while (word := await orders.get()) not in ("end", "stuck"):
        if word == "grad":
            seen["grad"].append(tracked(lambda: tools["probe"] * 2)[1])
        if word == "shutdown":
            cleaning = asyncio.ensure_future(clean(8))
            await asyncio.sleep(0.02)
        link.sendall(json.dumps(word).encode() + b"\n")
    seen["cleanup"] = await (cleaning or clean(0.3 if word == "stuck" else 8))
    with open(tools["path"]) as lines:
        seen["forwards"] = [json.loads(line) for line in lines]
    return seen


async def serve(module, port, spec, options, shutdown):
    tools = prepare(spec, port)
    with tools["link"]:
        app = module.create_app(tools["model"], **options)
        return await on_loopback(tools, app, shutdown)


def visitors(student):
    """The clients' process, for several visits to one process of the student's."""
    return student.beside(HTTP_CLIENT)


def visit(student, spec, steps, shutdown=2.0, by=HTTP_CLIENT, **options):
    """The evidence of one visit, its shape checked; ``by`` are :func:`visitors` of several."""
    return visited(student, serve, steps, by, spec=spec, options=options, shutdown=shutdown)


def visited(student, served, steps, by=HTTP_CLIENT, **arguments):
    helpers = (prepare, tracked, on_loopback)
    seen, heard = beside_server(student, by, served, {"steps": steps}, helpers=helpers, **arguments)
    expect(type(heard) is list, "The server did not start within seconds.")
    what = "What the server's process saw"
    read(seen, dict, what)
    forwards = list[[int, bool, bool, float, float, bool]]
    read([seen.get("grad"), seen.get("forwards")], [list, forwards], what)
    return {**seen, "replies": heard[0], "probes": heard[1]}


def all_forwarded(seen, rows):
    """The model itself was asked for each of these rows."""
    count = sum(entry[0] for entry in seen["forwards"])
    expect(
        count >= len(rows),
        f"{len(rows)} rows were answered, and the model was called for {count} of them: the others "
        "were computed past it.",
    )


def burst(*requests):
    return {"do": "burst", "requests": list(requests)}


def row(values):
    return {"body": json.dumps({"input": values})}


JOIN = {"do": "join"}


def sent(*rows):
    """The steps that send these rows at once and wait for the replies."""
    return [burst(*map(row, rows)), JOIN]


def numbers(rng, count):
    return [round(rng.uniform(-4, 4), 3) for _ in range(count)]


def fitting(rng, spec, count):
    """Rows of the width that a linear model takes."""
    return [numbers(rng, len(spec["weight"][0])) for _ in range(count)]


def linear(rng, width, outputs, **more):
    weight = [numbers(rng, width) for _ in range(outputs)]
    return {"kind": "linear", "weight": weight, "bias": numbers(rng, outputs), **more}


def computed(spec, values):
    """What the model makes of one row."""
    if spec["kind"] == "linear":
        pairs = zip(spec["weight"], spec["bias"], strict=True)
        return [sum(w * v for w, v in zip(line, values, strict=True)) + b for line, b in pairs]
    if type(values) is list:
        return [computed(spec, value) for value in values]
    return values * spec["weight"] + spec["bias"]


def agrees(found, wanted):
    """Nested lists of plain numbers that agree to float32."""
    if type(wanted) is list:
        return (
            type(found) is list
            and len(found) == len(wanted)
            and all(agrees(a, b) for a, b in zip(found, wanted, strict=True))
        )
    return type(found) in (int, float) and math.isclose(found, wanted, rel_tol=1e-3, abs_tol=1e-3)


def output(reply):
    """``output`` of a reply, None where there is none."""
    if reply[0] != 200:
        return None
    try:
        document = json.loads(reply[1])
    except (ValueError, RecursionError):
        return None
    return document.get("output") if type(document) is dict else None


def is_refused(status):
    return type(status) is int and 400 <= status <= 499


def tell(status):
    """A status in words; anything odd is not quoted."""
    return f"status {status}" if type(status) is int else str(status)[:40]


def expect_rows(spec, rows, replies, who="A client"):
    """Every reply is the model's output for that client's own row."""
    wanted = [computed(spec, values) for values in rows]
    lost = [r[0] for r in replies if type(r[0]) is str]
    expect(
        not lost,
        f"{len(lost)} of {len(replies)} requests were never answered ({lost[:1]}): a future that "
        "nobody resolves, or a batcher that has died.",
    )
    bad = [r[0] for r in replies if r[0] != 200]
    expect(
        not bad,
        f"{len(bad)} of {len(replies)} good requests were not answered with 200; the first with "
        f"{tell(bad[0]) if bad else ''}.",
    )
    found = [output(r) for r in replies]
    wrong = [i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if not agrees(a, b)]
    mixed = sum(any(agrees(found[i], w) for w in wanted) for i in wrong)
    expect(
        not mixed,
        f"{who} got the output of another client's row ({mixed} of {len(replies)}): rows and "
        "waiting clients have come apart.",
    )
    expect(
        not wrong,
        f"{len(wrong)} of {len(replies)} answers do not hold the model's output for their row as "
        '{"output": [...]}.',
    )
