"""What Sphinx leaves out of pages that do not use it."""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx, because ``conf.py`` lists this module."""
    app.connect("html-page-context", _lighter, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _lighter(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Styles of notebooks go to chapters alone: 43 kB, a seventh of what a page may weigh."""
    if not page.startswith("chapters/"):
        styles = context["css_files"]
        context["css_files"] = [s for s in styles if "mystnb" not in str(getattr(s, "filename", s))]
