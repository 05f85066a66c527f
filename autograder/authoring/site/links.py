"""Checks a built site: every link within it leads somewhere, and no page is heavy."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST = 300_000
"""Bytes of a page with its styles and scripts, without its pictures."""


@dataclass
class Page(HTMLParser):
    """What a page links to, loads and offers as a target."""

    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Of html.parser."""
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.add(found["href"])
        elif tag == "link" and "stylesheet" in found.get("rel", ""):
            self.loads.add(found["href"])
        elif tag == "script" and "src" in found:
            self.loads.add(found["src"])
        elif tag == "img" and "src" in found:
            self.pictures.add(found["src"])


def pages(root: Path) -> dict[Path, Page]:
    """Every page of a site, by its file."""
    found = {}
    for path in sorted(root.rglob("*.html")):
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        found[path] = page
    return found


def dead(root: Path) -> list[str]:
    """Each link, script, style and picture that leads nowhere within the site, with its page."""
    known = pages(root)
    complaints = []
    for path, page in known.items():
        for target in sorted(page.links | page.loads | page.pictures):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = file.is_file()
            anchor = unquote(parts.fragment)
            if there and anchor and file in known:
                there = anchor in known[file].ids
            if not there:
                complaints.append(f"{path.relative_to(root)}: {target}")
    return complaints


def external(root: Path) -> set[str]:
    """What pages load from elsewhere: scripts, styles, pictures."""
    return {
        target
        for page in pages(root).values()
        for target in page.loads | page.pictures
        if urlsplit(target).netloc
    }


def weights(root: Path) -> dict[Path, int]:
    """Bytes of each page with its styles and scripts, without its pictures. The search page is
    left out: it loads the index of the whole site."""
    found = {}
    for path, page in pages(root).items():
        if path.name == "search.html":
            continue
        files = {(path.parent / unquote(urlsplit(t).path)).resolve() for t in page.loads}
        size = path.stat().st_size + sum(f.stat().st_size for f in files if f.is_file())
        found[path.relative_to(root)] = size
    return found
