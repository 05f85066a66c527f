"""Which characters do harm where a stranger's text is shown: the one test for it."""

from __future__ import annotations

import unicodedata

# Marks that turn the reading direction round: harmless as such, but they make one text look
# like another (Unicode Technical Report 36, section 3.2).
_BIDI = {chr(c) for c in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def harms(character: str) -> bool:
    """Whether it is a control, a line's end, half of a surrogate pair or a direction mark.

    ``str.isprintable`` is another question: it is false for every space but U+0020, and for the
    joiners that Persian and Indic names are written with.
    """
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI
