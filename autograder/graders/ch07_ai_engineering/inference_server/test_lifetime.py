"""An application before its loop, and at its end."""

from autograder.checks import check, expect
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

from .common import (
    JOIN,
    agrees,
    burst,
    expect_rows,
    fitting,
    linear,
    on_loopback,
    output,
    prepare,
    row,
    sent,
    visit,
    visited,
)


@check(
    points=1,
    hint="aiohttp waits for its handlers after on_shutdown and before on_cleanup: stop there.",
)
def test_drains_on_shutdown(student, rng):
    """A clean shutdown answers the requests that are in flight."""
    spec = linear(rng, rng.randint(3, 6), 2, hold=2.5)
    rows = fitting(rng, spec, 11)
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
    # Three rows are left over, and wait for others when the shutdown has begun.
    seen = visit(student, spec, steps, max_batch=4, max_wait=0.5)

    lost = sum(1 for r in seen["replies"] if r[0] != 200)
    expect(
        lost == 0,
        f"{lost} of {len(rows)} requests that were in flight when the shutdown began were not "
        "answered with 200: what had queued was dropped.",
    )
    expect_rows(spec, rows, seen["replies"])
    expect(
        seen.get("cleanup") == "done",
        "All requests were answered, but the shutdown ended with an error or not at all.",
    )


@check(points=1, hint="Tasks and queues belong to a loop: start them in on_startup or cleanup_ctx.")
def test_made_before_the_loop(student, rng):
    """create_app works before a loop runs, refuses wrong arguments, and the model's mode stays."""
    spec = linear(rng, rng.randint(3, 6), 2)
    rows = fitting(rng, spec, 5)
    wrong = [
        {"max_batch": 0},
        {"max_batch": -rng.randint(1, 9)},
        {"max_wait": -round(rng.uniform(0.1, 3), 2)},
        {"max_wait": 0},
    ]

    def seen_before(module, port, spec, wrong):
        import asyncio
        import inspect

        import torch
        from aiohttp import web

        class Other(torch.nn.Module):
            def forward(self, x):
                return x * 0 - 1

        tools = prepare(spec, port)
        with tools["link"]:
            modes = [[part.training for part in tools["model"].modules()]]
            app = module.create_app(tools["model"])
            modes.append([part.training for part in tools["model"].modules()])
            # Another one starts after it in the same process, and is asked nothing.
            other = web.AppRunner(module.create_app(Other()), access_log=None)

            async def beside(app):
                await other.setup()
                yield
                await other.cleanup()

            app.cleanup_ctx.append(beside)
            seen = asyncio.run(on_loopback(tools, app, 2.0))
            modes.append([part.training for part in tools["model"].modules()])
        known = inspect.signature(module.create_app).parameters
        seen["defaults"] = [
            known[name].default if name in known else None for name in ("max_batch", "max_wait")
        ]
        seen["modes"] = [one == modes[0] for one in modes[1:]]
        seen["ends"] = [
            error_of(lambda given=options: module.create_app(tools["model"], **given), "ValueError")
            for options in wrong
        ]
        return seen

    seen = visited(student, seen_before, sent(*rows), spec=spec, wrong=wrong)
    strangers = [[-1.0] * len(values) for values in rows]
    expect(
        not any(agrees(output(r), w) for r, w in zip(seen["replies"], strangers, strict=True)),
        "Two applications were made, each with a model of its own, and a client of the first got "
        "the answer of the other's model: they share a queue or a model, in the module perhaps.",
    )
    expect_rows(spec, rows, seen["replies"])
    expect(
        seen.get("defaults") == [32, 0.005],
        "The defaults of max_batch and max_wait are not those of the exercise's signature.",
    )
    created, closed = read(seen.get("modes"), [bool] * 2, "The modes of the model")
    expect(
        created and closed,
        "The mode of the model (training or eval), or of a part of it, was another one "
        f"{'after shutting down' if created else 'after create_app'}.",
    )
    ends = read(seen.get("ends"), [str] * len(wrong), "What create_app raised")
    expect(ends[-1] == "", "create_app with max_wait=0 should not be refused.")
    names = ("max_batch=0", "a negative max_batch", "a negative max_wait")
    for name, end in zip(names, ends, strict=False):
        expect_refusal(end, name, Refusal("ValueError"))
