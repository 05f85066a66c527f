"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 submission``, ``2 submissions``, ``0 submissions``; ``noun`` takes a plain s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
