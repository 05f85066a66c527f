"""Bodies that are too large."""

from autograder.checks import check, expect

from .common import JOIN, burst, expect_rows, fitting, linear, row, sent, tell, visit


@check(
    points=1,
    hint="aiohttp raises the 413 when the body is read; a bare `except` turns it into another.",
)
def test_too_large(student, rng):
    """A body of more than 1 MiB is answered with 413; one below is served."""
    spec = linear(rng, rng.randint(3, 6), 2)
    rows = fitting(rng, spec, 6)
    large = 1024 * rng.randint(1100, 1400)
    steps = [
        burst(
            *map(row, rows[:3]),
            {**row(rows[3]), "pad": large},
            {**row(rows[3]), "pad": large, "chunked": True},
            {**row(rows[4]), "pad": 1024 * 960},
        ),
        JOIN,
        *sent(rows[5]),
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
