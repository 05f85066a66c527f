"""Requests that share a forward, while the server goes on answering."""

from autograder.checks import check, expect, fail

from .common import (
    JOIN,
    all_forwarded,
    burst,
    expect_rows,
    fitting,
    linear,
    row,
    sent,
    visit,
    visitors,
)


@check(points=1, hint="One future for each request; outputs go back in the order of the rows.")
def test_a_hundred_clients(student, rng):
    """100 concurrent clients each get the output of their own row, in batches of max_batch."""
    spec = linear(rng, rng.randint(4, 9), rng.randint(2, 5), cost=0.004, costly=100)
    rows = fitting(rng, spec, 100)
    most = rng.randint(7, 20)
    seen = visit(student, spec, sent(*rows), max_batch=most)

    expect_rows(spec, rows, seen["replies"])
    all_forwarded(seen, rows)
    largest = max((entry[0] for entry in seen["forwards"]), default=0)
    expect(
        largest <= most,
        f"With max_batch={most} a forward got {largest} rows: a batch must never be larger.",
    )


@check(
    points=3, hint="Hand the forward to a thread (`run_in_executor`); torch releases the GIL there."
)
def test_health_during_a_forward(student, rng):
    """GET /health is answered while a forward runs."""
    spec, by = linear(rng, rng.randint(3, 6), 2, hold=2.5), visitors(student)
    for clients, of in ((3, ""), (1, " of a single row")):
        rows = fitting(rng, spec, clients)
        # The forward lasts until the client has its answers from /health.
        steps = [
            burst(*map(row, rows)),
            {"do": "forward"},
            {"do": "probe", "count": 5},
            {"do": "release"},
            JOIN,
        ]
        seen = visit(student, spec, steps, by=by)

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
    points=6, kind="performance", hint="Let requests that wait at the same time share one forward."
)
def test_batches_pay(student, rng):
    """On a model with a fixed cost per call it is at least 4x as fast as a forward per request."""
    clients = 100
    told = ""
    for _ in range(3):
        # The fixed cost is large beside HTTP for 100 requests, which takes up to 1 s on a machine
        # with ten times as much to do as it has cores. The slowest honest answers take 5 forwards.
        spec = linear(rng, rng.randint(3, 6), 2, cost=0.08, costly=60)
        rows = fitting(rng, spec, clients)
        seen = visit(student, spec, sent(*rows))
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
            f"a forward per request takes {clients * cost:.2f} s. That is {speed:.1f}x as fast, "
            "and the limit is 4x."
        )
    fail(told)


@check(
    points=8,
    hint="Wait for the queue with what is left of max_wait, until max_batch rows are there.",
)
def test_waits_for_company(student, rng):
    """A first row waits about max_wait for others, no longer; max_batch=1 leaves each alone."""
    spec, by = linear(rng, rng.randint(3, 6), 2), visitors(student)
    rows = fitting(rng, spec, 2)
    # The wait is long beside the pause; whoever sends a full batch off at once saves it.
    steps = [burst(row(rows[0])), {"do": "pause", "seconds": 0.1}, burst(row(rows[1])), JOIN]
    seen = visit(student, spec, steps, by=by, max_batch=2, max_wait=2.0)
    expect_rows(spec, rows, seen["replies"])
    sizes = [entry[0] for entry in seen["forwards"]]
    expect(
        sizes == [2],
        "With max_wait=2.0 a second request came a tenth of a second after the first, and they "
        f"did not share a forward ({len(sizes)} were run). The first request waits for others.",
    )
    seen = visit(student, spec, sent(*rows), by=by, max_batch=1)
    expect_rows(spec, rows, seen["replies"])
    sizes = [entry[0] for entry in seen["forwards"]]
    expect(sizes == [1, 1], f"With max_batch=1 a forward had {max(sizes, default=0)} rows.")
    # Rows that keep coming, each well within max_wait of the one before, for five times max_wait.
    rows = fitting(rng, spec, 30)
    steps = [step for one in rows for step in (burst(row(one)), {"do": "pause", "seconds": 0.05})]
    for _ in range(2):
        seen = visit(student, spec, [*steps, JOIN], by=by, max_batch=100, max_wait=0.3)
        expect_rows(spec, rows, seen["replies"])
        if seen["replies"][0][3] < seen["replies"][-1][2]:
            return
    fail(
        "With max_wait=0.3 thirty requests came a twentieth of a second apart, and the first was "
        "not answered before the last had come. Does every row begin the wait anew? It counts "
        "from the first row of a batch."
    )
