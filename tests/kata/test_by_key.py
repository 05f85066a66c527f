"""Keys of `kata watch` in place of commands."""

from __future__ import annotations

from autograder.kata.by_key import KEYS, keyed, legend
from autograder.kata.lines import Line, steps


def test_every_advice_has_a_key() -> None:
    advised = [
        *steps(("kata solution one", "compares"), ("kata hint one", "helps")),
        *steps(("kata lesson one", "read about it")),
        *steps(("kata open one", "edit it"), ("kata watch one", "check whenever you save")),
        Line("summary", "Next: two"),
        *steps(("kata show two", "what it asks for"), ("kata watch two", "check")),
    ]
    shown = [line.text for line in keyed(advised, "one")]
    assert shown == ["v   compares", "h   helps", "o   edit it", "Next: two", "n   goes on to it"]


def test_the_legend_is_not_broken_within_a_key() -> None:
    assert legend(plain=True).count(" ") > legend(plain=False).count(" ")
    assert all(f"{key} {word}" in legend(plain=True) for key, word in KEYS.items())
