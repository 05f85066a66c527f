"""What axe finds in pages of Sphinx and furo, put right in the HTML."""

from __future__ import annotations

import re
from pathlib import Path

_RULES = (
    # Captions of the sidebar have a heading's role without its level.
    (re.compile(r'(<p class="caption" role="heading")>'), r'\1 aria-level="2">'),
    # Two landmarks of one kind need names.
    (re.compile(r'(<aside class="sidebar-drawer")>'), r'\1 aria-label="Site">'),
    (re.compile(r'(<aside class="toc-drawer[^"]*")>'), r'\1 aria-label="On this page">'),
    # The corner of a table is not a heading.
    (re.compile(r'<th class="head[^"]*"><p></p></th>'), "<td></td>"),
    # What scrolls sideways must be within reach of the keyboard.
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
    (re.compile(r'(<div class="table-wrapper[^"]*")>'), r'\1 tabindex="0">'),
)


def improve(root: Path) -> None:
    """Rewrite the pages of a site; those that are right stay as they are."""
    for path in root.rglob("*.html"):
        text = new = path.read_text(encoding="utf-8")
        for pattern, better in _RULES:
            new = pattern.sub(better, new)
        if new != text:
            path.write_text(new, encoding="utf-8")
