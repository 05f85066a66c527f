"""Forwards without gradients."""

from autograder.checks import check, expect

from .common import JOIN, burst, expect_rows, fitting, linear, row, visit


@check(
    points=1,
    hint="`with torch.no_grad():` belongs in the function that the thread runs: no await in it.",
)
def test_no_gradients(student, rng):
    """A forward builds no gradients, and the loop's gradient mode stays as it is."""
    spec = linear(rng, rng.randint(3, 6), 2, hold=2.5)
    rows = fitting(rng, spec, 4)
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
