"""Text cut to the room there is for it, with a mark where something is left out."""

from __future__ import annotations

LINES, CHARACTERS = 14, 2400
"""Most of a message that is shown; messages are eight lines at most by rule."""


def in_the_middle(text: str, limit: int) -> str:
    """``text``, cut in the middle to ``limit`` characters."""
    if len(text) <= limit:
        return text
    half = (limit - 3) // 2
    return f"{text[:half]} … {text[-half:]}"


def at_the_end(text: str, limit: int) -> str:
    """The first ``limit`` characters of ``text``, and a mark if there are more."""
    return text if len(text) <= limit else f"{text[:limit]} …"


def to_lines(text: str, lines: int = LINES, characters: int = CHARACTERS) -> list[str]:
    """The lines of ``text``, at most ``lines`` and ``characters`` of them, and a mark if there are
    more."""
    shown = at_the_end(text, characters).splitlines()
    return shown if len(shown) <= lines else [*shown[:lines], "…"]
