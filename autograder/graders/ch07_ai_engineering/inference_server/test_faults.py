"""Bad requests, other shapes and a model that raises: the good ones are served."""

import json
import math

from autograder.checks import check, expect, fail

from .common import (
    JOIN,
    agrees,
    burst,
    computed,
    expect_rows,
    is_refused,
    linear,
    numbers,
    output,
    row,
    sent,
    tell,
    visit,
    visitors,
)


@check(
    points=1,
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
        "true between numbers": json.dumps({"input": swapped(True)}),
        "nothing but false": json.dumps({"input": [False] * width}),
        "bytes that are not UTF-8": json.dumps({"input": one}).encode() + b"\xff",
        "NaN between numbers": json.dumps({"input": swapped(math.nan)}),
        "Infinity between numbers": json.dumps({"input": swapped(math.inf)}),
    }
    asked = [(None, row(values)) for values in good]
    asked += [(name, {"body": body}) for name, body in bad.items()]
    rng.shuffle(asked)
    order = [json.loads(request["body"])["input"] for name, request in asked if name is None]
    late = numbers(rng, width)
    steps = [burst(*[request for _, request in asked]), JOIN, *sent(late)]
    seen = visit(student, spec, steps, max_wait=0.03)

    named = list(zip([name for name, _ in asked], seen["replies"][:-1], strict=True))
    for name in bad:
        reply = next(r for n, r in named if n == name)
        if name.startswith(("NaN", "Infinity")) and reply[0] == 200:
            fail(
                f"A request with {name} was answered with 200: json.loads takes NaN and "
                "Infinity, so the values have to be tested."
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


def elementwise(rng, **more):
    scale = rng.choice((-1, 1)) * round(rng.uniform(1.5, 3), 3)
    return {"kind": "elementwise", "weight": scale, "bias": round(rng.uniform(1, 3), 3), **more}


def among_others(student, by, spec, good, odd, rng):
    """The replies to good rows and to odd ones: one good row alone, then all the others mixed."""
    mixed = [*good[1:], *odd]
    order = rng.sample(range(len(mixed)), len(mixed))
    steps = sent(good[0]) + sent(*(mixed[at] for at in order))
    seen = visit(student, spec, steps, by=by, max_wait=0.03, max_batch=4)
    largest = max((entry[0] for entry in seen["forwards"]), default=0)
    expect(
        largest <= 4,
        f"Where rows of several shapes waited, with max_batch=4, a forward got {largest} rows.",
    )
    first, *rest = seen["replies"]
    replies = [
        reply for _, reply in sorted(zip(order, rest, strict=True), key=lambda pair: pair[0])
    ]
    return [first, *replies[: len(good) - 1]], replies[len(good) - 1 :]


@check(points=1, hint="Rows of different shapes cannot be stacked: group a batch by shape.")
def test_other_shapes(student, rng):
    """A row of another shape does no harm to others; nested rows keep their shape."""
    by = visitors(student)
    # A model that refuses other widths.
    spec = linear(rng, rng.randint(4, 6), 2)
    width = len(spec["weight"][0])
    good = [numbers(rng, width) for _ in range(12)]
    odd = [numbers(rng, width + 1), numbers(rng, width - 1), [numbers(rng, width + 2)] * 2]
    odd.append([numbers(rng, 2) for _ in range(width)])  # as long as a good one
    fitted, others = among_others(student, by, spec, good, odd, rng)
    expect_rows(spec, good[:1], fitted[:1])
    fine = fitted[1:]
    harmed = sum(1 for r in fine if r[0] != 200)
    expect(
        harmed == 0,
        f"{harmed} of {len(fine)} good requests were not answered with 200 because rows of "
        "another shape waited beside them: one bad row fails the batch.",
    )
    expect_rows(spec, good[1:], fine)
    for reply in others:
        expect(
            is_refused(reply[0]) or reply[0] == 500,
            f"A row of a shape that the model refuses was answered with {tell(reply[0])}, "
            "not with 4xx or 500.",
        )

    # A model that takes any shape: served as it is, or refused, never changed on the way.
    spec = elementwise(rng)
    width = rng.randint(3, 5)
    good = [numbers(rng, width) for _ in range(8)]
    odd = [numbers(rng, width + 2), numbers(rng, 1)]
    odd.append([numbers(rng, width)])  # as many numbers as a good one
    nested = [[numbers(rng, width) for _ in range(2)] for _ in range(6)]
    fitted, others = among_others(student, by, spec, good, odd, rng)
    expect_rows(spec, good[1:], fitted[1:])
    for values, reply in zip(odd, others, strict=True):
        served = agrees(output(reply), computed(spec, values))
        expect(
            served or is_refused(reply[0]) or reply[0] == 500,
            f"A row of another shape was answered with {tell(reply[0])}, but not with the model's "
            "output for that row: was it padded or cut to fit the batch?",
        )

    seen = visit(student, spec, sent(*nested), by=by)
    expect_rows(spec, nested, seen["replies"], "With nested rows, a client")


@check(
    points=1,
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
        steps += [*sent(failing(kind)), *sent(good[-1])]
    together = [failing(kind) for kind in alone] + [numbers(rng, width) for _ in range(12)]
    after = [numbers(rng, width) for _ in range(8)]
    steps += [*sent(*together), *sent(*after)]
    seen = visit(student, spec, steps, max_batch=6)

    replies = seen["replies"]
    graphs = any(entry[2] for entry in seen["forwards"])
    expect(not graphs, "After the model had raised, a forward was run with gradients.")
    on_loop = any(entry[5] for entry in seen["forwards"])
    expect(
        not on_loop, "After the model had raised, a forward ran on the event loop, and held it up."
    )
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
            reply[0] == 500 or agrees(output(reply), computed(spec, values)),
            "Beside a batch that failed a request got an output that is not its own.",
        )
    expect_rows(spec, after, replies[-len(after) :])
