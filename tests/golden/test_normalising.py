"""Rules take out what varies, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import normalising


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("Graded 2026-11-30 20:49 UTC.", "Graded <time>."),
        ('"checked": "2026-11-30T20:56:20+00:00"', '"checked": "<time>"'),
        ('"seconds": 1.2666}, {"seconds": 8e-05}', '"seconds": <s>}, {"seconds": <s>}'),
        ("feedback/ (16 pages); 31.3 s", "feedback/ (16 pages); <s> s"),
        ("graded 3 of 39, 0.5/s, 66 s left\ndone\n", "done\n"),
        ("Peak 8.2 MB; the limit is 0.01x of", "Peak <n> MB; the limit is 0.01x of"),
        ('"ratio": 0.0, "runs": 2', '"ratio": <n>, "runs": <n>'),
        ("<f at 0x7f31c2b4a0d0>", "<f at <address>>"),
        ("/tmp/golden-x/out of /srv/kata", "<work>/out of <checkout>"),
        (
            "Time 90 ms, the reference 1.02 s: 0.09x (limit 2x)",
            "Time <t>, the reference <t>: <n>x (limit 2x)",
        ),
        ("No.\nMeasured 3 times; the machine was busy.", "No.\nMeasured <n> times."),
        ("a\n  Measured 9 times, and too close to the limit to fail it.\nb\n", "a\nb\n"),
        ("Timed out after 2 s; 512 MiB; 8.75/10; below 0.01x; at least 0.6x", None),
        ("color: #59636e; 1.25 of 1.25 points; section 2.1", None),
        ("1.5 points are still to be graded (+)", None),
    ],
)
def test_rules(given: str, left: str | None) -> None:
    folders = {Path("/tmp/golden-x"): "<work>", Path("/srv/kata"): "<checkout>"}
    assert normalising.text(given, folders) == (given if left is None else left)


def test_a_fault_without_its_frames() -> None:
    line = '{"fault": "Traceback:\\n  File \\"a.py\\", line 7\\nRuntimeError: \\"no\\"", "open": 2}'
    assert normalising.jsonl(line, {}) == '{"fault": "…\\nRuntimeError: \\"no\\"", "open": 2}'


def test_a_page_without_its_styles() -> None:
    page = "<style>\na { b: c }\n</style><p>0x12</p><script src='a'>b</script>"
    assert normalising.page(page, {}) == "<style/><p>0x12</p><script/>"


def test_the_last_column_of_an_audit() -> None:
    table = "   stub   nothing   1   0     0.58 \n   (parts)   1   0    11.00 \n"
    left = "   stub   nothing   1   0 <s>\n   (parts)   1   0 <s>\n"
    assert normalising.audit(table, {}) == left
