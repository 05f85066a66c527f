"""Text that came from a submission, made safe to show on a terminal or a page."""

from __future__ import annotations

import re
import unicodedata

_KEPT = {"\n", "\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")
# Marks that turn the reading direction round: harmless as such, but they make one text look
# like another (Unicode Technical Report 36, section 3.2).
_BIDI = {chr(c) for c in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


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
    return unicodedata.category(character) not in ("Cc", "Cs", "Co") and character not in _BIDI


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else "\ufffd"
