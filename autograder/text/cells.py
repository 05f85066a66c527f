"""Cells of a CSV file that a spreadsheet will open."""

from __future__ import annotations

import re

from autograder.text.clean import clean

# Characters that begin a formula, and those that a spreadsheet takes for the same
# (compatibility forms), after whatever an import strips or splits at.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a\u208a\u207c\u208c"
_FORMULA = re.compile(rf"(^|[;,|\t\r\n])([\s\ufffd\u200b\ufeff'\"]*)(?=[{_SIGNS}])")


def inert(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula (OWASP, "CSV injection").

    A semicolon ends a cell, too, where the comma is the decimal mark.
    """
    text = clean(text).replace("\t", " ").replace("\n", " ")
    quoted = _FORMULA.sub(r"\1\2'", text)
    return text if quoted == text else quoted if quoted.startswith("'") else f"'{quoted}"
