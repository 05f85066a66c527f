"""Text that came from a submission, made safe to show on a terminal or a page."""

from __future__ import annotations

import re
import unicodedata

from autograder.text.characters import harms

_KEPT = {"\n", "\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """``text`` without control characters, escapes and direction marks.

    What is taken out shows as ``\\x1b`` and the like, so that nothing is hidden.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _harmless(c) else _spelled(c) for c in text)


def one_line(text: str, most: int = 1000) -> str:
    """``text`` as part of one line on a terminal, cut at ``most`` characters."""
    return clean(text).replace("\n", "\\n").replace("\t", "\\t")[:most]


def whole(text: str) -> str:
    """``text`` as it can be encoded: a lone surrogate becomes a replacement character."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _harmless(character: str) -> bool:
    if character in _KEPT:
        return True
    # One for private use shows as anything, or as nothing.
    return unicodedata.category(character) != "Co" and not harms(character)


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else "\ufffd"
