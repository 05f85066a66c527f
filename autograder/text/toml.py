"""Texts as they are written in TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable


def text(value: str) -> str:
    """A basic string."""
    # JSON's escapes are TOML's; TOML wants one more character escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def texts(values: Iterable[str]) -> str:
    """An array of basic strings, one a line."""
    lines = "".join(f"    {text(value)},\n" for value in values)
    return f"[\n{lines}]" if lines else "[]"
