"""One request and its answer."""

import json

from autograder.checks import check, expect, show

from .common import (
    JOIN,
    agrees,
    all_forwarded,
    burst,
    computed,
    is_refused,
    output,
    sent,
    tell,
    visit,
)


@check(points=1, public=True, hint="Stack the row into a batch of one, and answer with its row.")
def test_answers_one_request(student):
    """POST /infer answers with the model's output, and GET /health with 200."""
    spec = {"kind": "linear", "weight": [[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]], "bias": [0.0, 1.0]}
    rows = [[1.0, 2.0, 3.0], [1, 0, 2], [1.0, 2.0, 3.0]]
    steps = [{"do": "probe", "count": 1}, *(step for values in rows for step in sent(values))]
    seen = visit(student, spec, steps)

    health = seen["probes"][0][0]
    expect(health == 200, f"GET /health was answered with {tell(health)}, not with 200.")
    for values, reply in zip(rows, seen["replies"], strict=True):
        asked = f'POST /infer with {{"input": {values}}}'
        expect(reply[0] == 200, f"{asked}: {tell(reply[0])}, {show(reply[1])}")
        wanted = {"output": computed(spec, values)}
        expect(
            agrees(output(reply), wanted["output"]),
            f"{asked} should answer {json.dumps(wanted)}; yours answered {show(reply[1])}",
        )
    all_forwarded(seen, rows)


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
    steps += sent([3.0, 1.0])
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
        agrees(output(last), [2.5]),
        f"After those, a good request was answered with {tell(last[0])}, {show(last[1])}.",
    )
