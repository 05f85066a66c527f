"""Hidden grader of ``inference_server``.

The app serves real HTTP on loopback inside the student's process. The load comes from a
process of its own beside it (``HTTP_CLIENT``: none of the student's code), which follows a plan of
steps and reports every reply. What must happen *during* a forward is ordered by messages
between the two, not by time: the forward blocks until the client has seen it.
"""

import json
import math

from autograder.checks import check, expect, show
from autograder.judging.vocabulary.http_client import HTTP_CLIENT

# -- inside the sandbox ----------------------------------------------------------------------


def tracked(compute):
    """``[result, whether it has a graph]`` of what a function computes.

    Past all that torch lets others put in between: modes, subclasses.
    """
    import torch

    with torch._C.DisableTorchFunction():
        result = compute()
        return [result, bool(torch.Tensor.requires_grad.__get__(result))]


def prepare(spec, control):
    """The model, a module that notes every forward and does what ``spec`` says, and the
    control connection. The notes go to a file, so that it does not matter which thread or
    process runs the model."""
    import json
    import os
    import select
    import socket
    import tempfile
    import threading
    import time

    import torch

    gate = os.pipe()
    link = socket.create_connection(("127.0.0.1", control), 8)
    link.settimeout(None)
    log, path = tempfile.mkstemp()
    device = threading.Lock()  # one forward at a time, as on a real device
    calls = [0]
    hold = [spec.get("hold", 0)]

    class Served(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.tensor(spec["weight"], dtype=torch.float32))
            self.bias = torch.nn.Parameter(torch.tensor(spec["bias"], dtype=torch.float32))

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
                note = [len(x), released, graph, begun, time.monotonic()]
                os.write(log, (json.dumps(note) + "\n").encode())
            return y

    return {
        "gate": gate[1],
        "link": link,
        "log": log,
        "path": path,
        "model": Served(),
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


async def serve(module, spec, control, options, shutdown):
    tools = prepare(spec, control)
    with tools["link"]:
        app = module.create_app(tools["model"], **options)
        return await on_loopback(tools, app, shutdown)


def listen(module):
    return module.listen()


def load(module, steps):
    return module.serve(steps)


# -- in the judge ----------------------------------------------------------------------------


def visit(student, spec, steps, shutdown=2.0, **options):
    """The evidence of one visit, its shape checked."""
    return visited(student, serve, steps, spec=spec, options=options, shutdown=shutdown)


def visited(student, served, steps, **arguments):
    student.worker()  # a file that cannot be loaded says so first
    clients = student.beside(HTTP_CLIENT)
    control = clients.run(listen)
    pending = student.begin(
        served, helpers=(prepare, tracked, on_loopback), control=control, **arguments
    )
    heard = clients.run(load, steps=steps)
    seen = pending.end()
    expect(type(heard) is list, "The server did not start within seconds.")

    def is_forward(entry):
        kinds = [int, bool, bool, float, float]
        return type(entry) is list and [type(part) for part in entry] == kinds

    good = (
        type(seen) is dict
        and all(type(seen.get(k)) is list for k in ("grad", "forwards"))
        and all(is_forward(entry) for entry in seen["forwards"])
    )
    expect(good, "The server's process did not hand back what it saw.")
    return {**seen, "replies": heard[0], "probes": heard[1]}


def burst(*requests):
    return {"do": "burst", "requests": list(requests)}


def row(values):
    return {"body": json.dumps({"input": values})}


JOIN = {"do": "join"}


def numbers(rng, count):
    return [round(rng.uniform(-4, 4), 3) for _ in range(count)]


def linear(rng, width, outputs, **more):
    weight = [numbers(rng, width) for _ in range(outputs)]
    return {"kind": "linear", "weight": weight, "bias": numbers(rng, outputs), **more}


def elementwise(rng, **more):
    scale = rng.choice((-1, 1)) * round(rng.uniform(1.5, 3), 3)
    return {"kind": "elementwise", "weight": scale, "bias": round(rng.uniform(1, 3), 3), **more}


def computed(spec, values):
    """What the model makes of one row."""
    if spec["kind"] == "linear":
        pairs = zip(spec["weight"], spec["bias"], strict=True)
        return [sum(w * v for w, v in zip(line, values, strict=True)) + b for line, b in pairs]
    if type(values) is list:
        return [computed(spec, value) for value in values]
    return values * spec["weight"] + spec["bias"]


def same(found, wanted):
    """Nested lists of plain numbers that agree to float32."""
    if type(wanted) is list:
        return (
            type(found) is list
            and len(found) == len(wanted)
            and all(same(a, b) for a, b in zip(found, wanted, strict=True))
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
    wrong = [i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if not same(a, b)]
    mixed = sum(any(same(found[i], w) for w in wanted) for i in wrong)
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


def all_forwarded(seen, rows):
    """The model itself was asked for each of these rows."""
    count = sum(entry[0] for entry in seen["forwards"])
    expect(
        count >= len(rows),
        f"{len(rows)} rows were answered, and the model was called for {count} of them: the others "
        "were computed past it.",
    )


# -- checks ----------------------------------------------------------------------------------


@check(points=1, public=True, hint="Stack the row into a batch of one, and answer with its row.")
def test_answers_one_request(student):
    """POST /infer answers with the model's output, and GET /health with 200."""
    spec = {"kind": "linear", "weight": [[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]], "bias": [0.0, 1.0]}
    rows = [[1.0, 2.0, 3.0], [1, 0, 2]]
    steps = [{"do": "probe", "count": 1}, burst(row(rows[0])), JOIN, burst(row(rows[1])), JOIN]
    seen = visit(student, spec, steps)

    health = seen["probes"][0][0]
    expect(health == 200, f"GET /health was answered with {tell(health)}, not with 200.")
    for values, reply in zip(rows, seen["replies"], strict=True):
        asked = f'POST /infer with {{"input": {values}}}'
        expect(reply[0] == 200, f"{asked}: {tell(reply[0])}, {show(reply[1])}")
        wanted = {"output": computed(spec, values)}
        expect(
            same(output(reply), wanted["output"]),
            f"{asked} should answer {json.dumps(wanted)}; yours answered {show(reply[1])}",
        )


@check(
    points=1,
    public=True,
    hint="Look at the request before its row joins a batch: parse, look up, test; then 400.",
)
def test_says_what_is_wrong(student):
    """Bad JSON, a missing key and an input that is no list are answered with 4xx and a message."""
    spec = {"kind": "linear", "weight": [[1.0, -1.0]], "bias": [0.5]}
    bad = ['{"input": [1.0, 2.0', '{"inputs": [1.0, 2.0]}', '{"input": "1.0, 2.0"}']
    steps = []
    for body in bad:
        steps += [burst({"body": body}), JOIN]
    steps += [burst(row([3.0, 1.0])), JOIN]
    seen = visit(student, spec, steps)

    for body, reply in zip(bad, seen["replies"], strict=False):
        told = f"{tell(reply[0])}, {show(reply[1])}"
        expect(
            is_refused(reply[0]),
            f"POST /infer with the body {body} was answered with {told}; the client is at "
            "fault, so the status must be 4xx.",
        )
        expect(
            reply[1].strip() != "",
            f"POST /infer with the body {body}: {told}. Say what is wrong, in JSON or text.",
        )
    last = seen["replies"][-1]
    expect(
        same(output(last), [2.5]),
        f"After those, a good request was answered with {tell(last[0])}, {show(last[1])}.",
    )


@check(points=2, hint="One future for each request; outputs go back in the order of the rows.")
def test_a_hundred_clients(student, rng):
    """100 concurrent clients each get the output of their own row, in batches of max_batch."""
    spec = linear(rng, rng.randint(4, 9), rng.randint(2, 5), cost=0.004, costly=100)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(100)]
    most = rng.randint(7, 20)
    steps = [burst(*map(row, rows)), JOIN]
    seen = visit(student, spec, steps, max_batch=most)

    expect_rows(spec, rows, seen["replies"])
    all_forwarded(seen, rows)
    largest = max((entry[0] for entry in seen["forwards"]), default=0)
    expect(
        largest <= most,
        f"With max_batch={most} a forward got {largest} rows: a batch must never be larger.",
    )


@check(
    points=2, hint="Hand the forward to a thread (`run_in_executor`); torch releases the GIL there."
)
def test_health_during_a_forward(student, rng):
    """GET /health is answered while a forward runs."""
    spec = linear(rng, rng.randint(3, 6), 2, hold=2.5)
    for clients, of in ((3, ""), (1, " of a single row")):
        rows = [numbers(rng, len(spec["weight"][0])) for _ in range(clients)]
        # The forward lasts until the client has its answers from /health.
        steps = [
            burst(*map(row, rows)),
            {"do": "forward"},
            {"do": "probe", "count": 5},
            {"do": "release"},
            JOIN,
        ]
        seen = visit(student.fresh(), spec, steps)

        forwards = seen["forwards"]
        expect(len(forwards) > 0, "POST /infer never ran the model.")
        first = forwards[0]
        during = sum(1 for r in seen["probes"] if r[0] == 200 and r[3] <= first[4])
        expect(
            first[1] is True and during == 5,
            f"While a forward{of} ran, {during} of 5 GET /health in a row were answered. The "
            "forward holds up the event loop, or /health waits for it: nobody can tell a busy "
            "server from a dead one.",
        )
        expect_rows(spec, rows, seen["replies"])


@check(
    points=2, kind="performance", hint="Let requests that wait at the same time share one forward."
)
def test_batches_pay(student, rng):
    """On a model with a fixed cost a call it is at least 4x as fast as a forward a request."""
    clients = 100
    told = ""
    for _ in range(3):
        spec = linear(rng, rng.randint(3, 6), 2, cost=0.03, costly=60)
        rows = [numbers(rng, len(spec["weight"][0])) for _ in range(clients)]
        seen = visit(student, spec, [burst(*map(row, rows)), JOIN])
        expect_rows(spec, rows, seen["replies"])
        all_forwarded(seen, rows)
        forwards = seen["forwards"]
        expect(
            0 < len(forwards) <= 60,
            f"{clients} requests at the same time took {len(forwards)} forwards: requests do not "
            "share them, so each pays the fixed cost alone.",
        )
        # What a forward for each request would take at the least, one at a time on the device.
        cost = sorted(entry[4] - entry[3] for entry in forwards)[len(forwards) // 2]
        wall = max(r[3] for r in seen["replies"]) - min(r[2] for r in seen["replies"])
        speed = clients * cost / wall if wall > 0 else 0.0
        if speed >= 4:
            return
        told = (
            f"{clients} requests at the same time took {wall:.2f} s and {len(forwards)} forwards; "
            f"a forward a request takes {clients * cost:.2f} s. That is {speed:.1f}x as fast, "
            "and the limit is 4x."
        )
    expect(False, told)


@check(
    points=1,
    hint="Wait for the queue with what is left of max_wait, until max_batch rows are there.",
)
def test_waits_for_company(student, rng):
    """A first row waits about max_wait for others, no longer; max_batch=1 leaves each alone."""
    spec = linear(rng, rng.randint(3, 6), 2)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(2)]
    # The wait is long beside the pause; whoever sends a full batch off at once saves it.
    steps = [burst(row(rows[0])), {"do": "pause", "seconds": 0.1}, burst(row(rows[1])), JOIN]
    seen = visit(student, spec, steps, max_batch=2, max_wait=2.0)
    expect_rows(spec, rows, seen["replies"])
    sizes = [entry[0] for entry in seen["forwards"]]
    expect(
        sizes == [2],
        "With max_wait=2.0 a second request came a tenth of a second after the first, and they "
        f"did not share a forward ({len(sizes)} were run). Whoever comes first waits for others.",
    )
    seen = visit(student.fresh(), spec, [burst(*map(row, rows)), JOIN], max_batch=1)
    expect_rows(spec, rows, seen["replies"])
    sizes = [entry[0] for entry in seen["forwards"]]
    expect(sizes == [1, 1], f"With max_batch=1 a forward had {max(sizes, default=0)} rows.")
    # Rows that keep coming, each well within max_wait of the one before, for five times max_wait.
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(30)]
    steps = [step for one in rows for step in (burst(row(one)), {"do": "pause", "seconds": 0.05})]
    for _ in range(2):
        seen = visit(student.fresh(), spec, [*steps, JOIN], max_batch=100, max_wait=0.3)
        expect_rows(spec, rows, seen["replies"])
        if seen["replies"][0][3] < seen["replies"][-1][2]:
            return
    expect(
        False,
        "With max_wait=0.3 thirty requests came a twentieth of a second apart, and the first was "
        "not answered before the last had come. Does every row begin the wait anew? It counts "
        "from the first row of a batch.",
    )


@check(
    points=2,
    hint="json.loads takes NaN, and [[1, 2], [3]] is a list. Test it all before the row queues.",
)
def test_bad_requests_among_good_ones(student, rng):
    """Every kind of bad request gets 4xx and a message, and the good ones beside it are served."""
    spec = linear(rng, rng.randint(3, 6), 3)
    width = len(spec["weight"][0])
    good = [numbers(rng, width) for _ in range(14)]
    one = numbers(rng, width)
    text = json.dumps(one)[1:-1]
    spoilt = rng.randrange(width)

    def swapped(value):
        return [value if i == spoilt else v for i, v in enumerate(one)]

    bad = {
        "JSON that is cut off": '{"input": [' + text,
        "a body that is no JSON": "input=" + text,
        "an empty body": "",
        "an object without the key": json.dumps({"inputs": one}),
        "an empty object": "{}",
        "a list instead of an object": json.dumps(one),
        "a string instead of an object": json.dumps("input"),
        "a number as input": json.dumps({"input": one[0]}),
        "text as input": json.dumps({"input": text}),
        "an object as input": json.dumps({"input": {"row": one}}),
        "null as input": '{"input": null}',
        "a ragged input": json.dumps({"input": [one, one[1:]]}),
        "a list between numbers": json.dumps({"input": swapped([one[0], one[1]])}),
        "words for numbers": json.dumps({"input": ["one"] * width}),
        "a word between numbers": json.dumps({"input": swapped("one")}),
        "a number in quotes between numbers": json.dumps({"input": swapped(str(one[spoilt]))}),
        "null between numbers": json.dumps({"input": swapped(None)}),
        "an object between numbers": json.dumps({"input": swapped({"one": 1})}),
        "an empty input": '{"input": []}',
        "NaN between numbers": json.dumps({"input": swapped(math.nan)}),
        "Infinity between numbers": json.dumps({"input": swapped(math.inf)}),
    }
    asked = [(None, row(values)) for values in good]
    asked += [(name, {"body": body}) for name, body in bad.items()]
    rng.shuffle(asked)
    order = [json.loads(request["body"])["input"] for name, request in asked if name is None]
    late = numbers(rng, width)
    steps = [burst(*[request for _, request in asked]), JOIN, burst(row(late)), JOIN]
    seen = visit(student, spec, steps, max_wait=0.03)

    named = list(zip([name for name, _ in asked], seen["replies"][:-1], strict=True))
    for name in bad:
        reply = next(r for n, r in named if n == name)
        if name.startswith(("NaN", "Infinity")) and reply[0] == 200:
            expect(
                False,
                f"A request with {name} was answered with 200: json.loads takes NaN and "
                "Infinity, so the values have to be tested.",
            )
        expect(
            is_refused(reply[0]),
            f"A request with {name} was answered with {tell(reply[0])}; the client is at fault, "
            "so the status must be 4xx.",
        )
        expect(
            reply[1].strip() != "",
            f"A request with {name} was refused without a word: send a message, in JSON or text.",
        )
    expect_rows(spec, order, [r for n, r in named if n is None])
    expect_rows(spec, [late], seen["replies"][-1:])


@check(points=2, hint="Rows of different shapes cannot be stacked: group a batch by shape.")
def test_other_shapes(student, rng):
    """A row of another shape does no harm to others; nested rows keep their shape."""
    # A model that refuses other widths.
    spec = linear(rng, rng.randint(4, 6), 2)
    width = len(spec["weight"][0])
    good = [numbers(rng, width) for _ in range(12)]
    odd = [numbers(rng, width + 1), numbers(rng, width - 1), [numbers(rng, width + 2)] * 2]
    odd.append([numbers(rng, 2) for _ in range(width)])  # as long as a good one
    mixed = [(True, v) for v in good[1:]] + [(False, v) for v in odd]
    rng.shuffle(mixed)
    steps = [burst(row(good[0])), JOIN, burst(*[row(v) for _, v in mixed]), JOIN]
    seen = visit(student, spec, steps, max_wait=0.03)

    first, rest = seen["replies"][0], seen["replies"][1:]
    expect_rows(spec, good[:1], [first])
    fine = [r for (is_good, _), r in zip(mixed, rest, strict=True) if is_good]
    harmed = sum(1 for r in fine if r[0] != 200)
    expect(
        harmed == 0,
        f"{harmed} of {len(fine)} good requests were not answered with 200 because rows of "
        "another shape waited beside them: one bad row fails the batch.",
    )
    expect_rows(spec, [v for is_good, v in mixed if is_good], fine)
    for (is_good, _), reply in zip(mixed, rest, strict=True):
        expect(
            is_good or is_refused(reply[0]) or reply[0] == 500,
            f"A row of a shape that the model refuses was answered with {tell(reply[0])}, "
            "not with 4xx or 500.",
        )

    # A model that takes any shape: served as it is, or refused, never changed on the way.
    spec = elementwise(rng)
    width = rng.randint(3, 5)
    good = [numbers(rng, width) for _ in range(8)]
    odd = [numbers(rng, width + 2), numbers(rng, 1)]
    mixed = [(True, v) for v in good[1:]] + [(False, v) for v in odd]
    rng.shuffle(mixed)
    nested = [[numbers(rng, width) for _ in range(2)] for _ in range(6)]
    steps = [burst(row(good[0])), JOIN, burst(*[row(v) for _, v in mixed]), JOIN]
    seen = visit(student, spec, steps, max_wait=0.03)

    rest = seen["replies"][1:]
    fine = [r for (is_good, _), r in zip(mixed, rest, strict=True) if is_good]
    expect_rows(spec, [v for is_good, v in mixed if is_good], fine)
    for (is_good, values), reply in zip(mixed, rest, strict=True):
        served = same(output(reply), computed(spec, values))
        expect(
            is_good or served or is_refused(reply[0]) or reply[0] == 500,
            f"A row of another shape was answered with {tell(reply[0])}, but not with the model's "
            "output for that row: was it padded or cut to fit the batch?",
        )

    seen = visit(student, spec, [burst(*map(row, nested)), JOIN])
    expect_rows(spec, nested, seen["replies"], "With nested rows, a client")


@check(
    points=2,
    hint="Catch what the model raises around the forward, and give it to each waiting future.",
)
def test_survives_a_failing_model(student, rng):
    """Where the model raises the answer is 500, and the server goes on serving."""
    poison = {"RuntimeError": 41.5, "ValueError": 42.5, "KeyError": 43.5, "own": 44.5}
    spec = linear(rng, rng.randint(3, 6), 2, poison=poison)
    width = len(spec["weight"][0])

    def failing(kind):
        values = numbers(rng, width)
        values[rng.randrange(width)] = poison[kind]
        return values

    steps, alone, good = [], list(poison), []
    rng.shuffle(alone)
    for kind in alone:
        good.append(numbers(rng, width))
        steps += [burst(row(failing(kind))), JOIN, burst(row(good[-1])), JOIN]
    together = [failing(kind) for kind in alone] + [numbers(rng, width) for _ in range(12)]
    after = [numbers(rng, width) for _ in range(8)]
    steps += [burst(*map(row, together)), JOIN, burst(*map(row, after)), JOIN]
    seen = visit(student, spec, steps, max_batch=6)

    replies = seen["replies"]
    for reply in replies[: 2 * len(alone) : 2]:
        expect(
            type(reply[0]) is int,
            f"A request whose forward raised was never answered ({tell(reply[0])}): its future "
            "must get the exception.",
        )
        expect(
            reply[0] == 500,
            f"The model raised, and the client got {tell(reply[0])}; that is the server's fault, "
            "a 500.",
        )
    expect_rows(spec, good, replies[1 : 2 * len(alone) : 2])
    beside = replies[2 * len(alone) : 2 * len(alone) + len(together)]
    lost = sum(1 for r in beside if type(r[0]) is not int)
    expect(
        lost == 0,
        f"{lost} of {len(beside)} requests in flight while the model raised were never answered.",
    )
    for values, reply in zip(together, beside, strict=True):
        poisoned = any(v in poison.values() for v in values)
        expect(
            reply[0] == 500 or (reply[0] == 200 and not poisoned),
            f"Of requests in flight while the model raised one was answered with "
            f"{tell(reply[0])}, not with 500.",
        )
        expect(
            reply[0] == 500 or same(output(reply), computed(spec, values)),
            "Beside a batch that failed a request got an output that is not its own.",
        )
    expect_rows(spec, after, replies[-len(after) :])


@check(
    points=1,
    hint="`with torch.no_grad():` belongs in the function that the thread runs: no await in it.",
)
def test_no_gradients(student, rng):
    """A forward builds no gradients, and the loop's gradient mode stays as it is."""
    spec = linear(rng, rng.randint(3, 6), 2, hold=2.5)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(4)]
    steps = [
        {"do": "probe", "count": 1},
        {"do": "say", "word": "grad"},
        burst(*map(row, rows)),
        {"do": "forward"},
        {"do": "say", "word": "grad"},
        {"do": "release"},
        JOIN,
        {"do": "say", "word": "grad"},
    ]
    seen = visit(student, spec, steps)

    expect(len(seen["forwards"]) > 0, "POST /infer never ran the model.")
    expect(
        all(entry[2] is False for entry in seen["forwards"]),
        "The model's output carries a gradient graph. torch.no_grad() counts for the thread that "
        "enters it: around the await it never reaches the thread that runs the model.",
    )
    expect(
        len(seen["grad"]) == 4 and all(mode is True for mode in seen["grad"]),
        "Other code on the event loop finds gradients switched off: for good, or by a "
        "torch.no_grad() that stays entered across an await.",
    )
    expect_rows(spec, rows, seen["replies"])


@check(
    points=1,
    hint="aiohttp raises the 413 when the body is read; a bare `except` turns it into another.",
)
def test_too_large(student, rng):
    """A body of more than 1 MiB is answered with 413; one below is served."""
    spec = linear(rng, rng.randint(3, 6), 2)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(6)]
    large = 1024 * rng.randint(1100, 1400)
    steps = [
        burst(
            *map(row, rows[:3]),
            {**row(rows[3]), "pad": large},
            {**row(rows[3]), "pad": large, "chunked": True},
            {**row(rows[4]), "pad": 1024 * 960},
        ),
        JOIN,
        burst(row(rows[5])),
        JOIN,
    ]
    seen = visit(student, spec, steps)

    replies = seen["replies"]
    for reply, how in ((replies[3], "with its length"), (replies[4], "in chunks")):
        expect(
            reply[0] == 413,
            f"A body of more than 1 MiB (sent {how}) was answered with {tell(reply[0])}, "
            "not with 413.",
        )
    expect(
        replies[5][0] == 200,
        f"A body below 1 MiB was answered with {tell(replies[5][0])}, not with 200.",
    )
    expect_rows(spec, [*rows[:3], *rows[4:]], [*replies[:3], *replies[5:]])


@check(
    points=2,
    hint="aiohttp waits for its handlers after on_shutdown and before on_cleanup: stop there.",
)
def test_drains_on_shutdown(student, rng):
    """A clean shutdown answers the requests that are in flight."""
    spec = linear(rng, rng.randint(3, 6), 2, hold=2.5)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(11)]
    # The first forward blocks, the others queue behind it; shutdown begins; the forward ends.
    steps = [
        burst(*map(row, rows)),
        {"do": "forward"},
        {"do": "probe", "count": 3},
        {"do": "pause", "seconds": 0.05},
        {"do": "say", "word": "shutdown"},
        {"do": "release"},
        JOIN,
    ]
    seen = visit(student, spec, steps, max_batch=4)

    lost = sum(1 for r in seen["replies"] if r[0] != 200)
    expect(
        lost == 0,
        f"{lost} of {len(rows)} requests that were in flight when the shutdown began were not "
        "answered with 200: what had queued was dropped.",
    )
    expect_rows(spec, rows, seen["replies"])
    expect(
        seen.get("cleanup") == "done",
        "All requests were answered, but the shutdown did not come to its end without an error.",
    )


@check(points=1, hint="Tasks and queues belong to a loop: start them in on_startup or cleanup_ctx.")
def test_made_before_the_loop(student, rng):
    """create_app works before a loop runs; max_batch below 1 or a negative max_wait is refused."""
    spec = linear(rng, rng.randint(3, 6), 2)
    rows = [numbers(rng, len(spec["weight"][0])) for _ in range(5)]
    wrong = [
        {"max_batch": 0},
        {"max_batch": -rng.randint(1, 9)},
        {"max_wait": -round(rng.uniform(0.1, 3), 2)},
        {"max_wait": 0},
    ]
    steps = [burst(*map(row, rows)), JOIN]

    def seen_before(module, spec, control, wrong):
        import asyncio
        import inspect

        import torch
        from aiohttp import web

        class Other(torch.nn.Module):
            def forward(self, x):
                return x * 0 - 1

        tools = prepare(spec, control)
        with tools["link"]:
            app = module.create_app(tools["model"])
            # Another one starts after it in the same process, and is asked nothing.
            other = web.AppRunner(module.create_app(Other()), access_log=None)

            async def beside(app):
                await other.setup()
                yield
                await other.cleanup()

            app.cleanup_ctx.append(beside)
            seen = asyncio.run(on_loopback(tools, app, 2.0))
        known = inspect.signature(module.create_app).parameters
        seen["defaults"] = [
            known[name].default if name in known else None for name in ("max_batch", "max_wait")
        ]
        seen["outcomes"] = []
        for options in wrong:
            try:
                module.create_app(tools["model"], **options)
                seen["outcomes"].append("accepted")
            except NotImplementedError:
                raise
            except ValueError:
                seen["outcomes"].append("ValueError")
            except Exception as error:
                seen["outcomes"].append(type(error).__name__)
        return seen

    seen = visited(student, seen_before, steps, spec=spec, wrong=wrong)
    strangers = [[-1.0] * len(values) for values in rows]
    expect(
        not any(same(output(r), w) for r, w in zip(seen["replies"], strangers, strict=True)),
        "Two applications were made, each with a model of its own, and a client of the first got "
        "the answer of the other's model: they share a queue or a model, in the module perhaps.",
    )
    expect_rows(spec, rows, seen["replies"])
    expect(
        seen.get("defaults") == [32, 0.005],
        "The defaults of max_batch and max_wait are not those of the exercise's signature.",
    )
    outcomes = seen.get("outcomes")
    expect(type(outcomes) is list and len(outcomes) == len(wrong), "create_app did not answer.")
    expect(outcomes[-1] == "accepted", "create_app with max_wait=0 should not be refused.")
    names = ("max_batch=0", "a negative max_batch", "a negative max_wait")
    for name, outcome in zip(names, outcomes, strict=False):
        expect(
            outcome == "ValueError",
            f"create_app with {name} should raise ValueError; the outcome was {show(outcome)}.",
        )
