"""``site.toml`` beside the lessons' folder: what a site has besides lessons and exercises."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import KataError
from autograder.outline import Course

FILE = "site.toml"
_KEYS = {"front", "repository", "address", "part", "api"}


class SiteError(KataError):
    """The site cannot be built; the message names the file, the place and the fix."""


@dataclass(frozen=True, slots=True)
class Part:
    """A group of pages in the sidebar; paths are relative to the course folder.

    With ``below`` the first page lists the others, and the sidebar shows it alone.
    """

    title: str
    pages: tuple[Path, ...]
    below: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """``front`` is the text of the front page; ``repository`` is where links to files lead that
    the site has no page for; ``api`` are modules by the title of their page."""

    front: str = ""
    repository: str = ""
    address: str = ""
    parts: tuple[Part, ...] = ()
    api: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def pages(self) -> tuple[Path, ...]:
        """Every page that the parts name."""
        return tuple(page for part in self.parts for page in part.pages)


def read(course: Course) -> Settings:
    """The settings of a course; without a file, a site of its lessons and exercises alone.

    Pages that this installation does not have (a wheel has no ``docs/``) are left out with
    their part. :class:`SiteError` for what cannot be read.
    """
    path = course.lesson("").parent.parent / FILE
    if not path.is_file():
        return Settings()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteError(f"{path}: {error}") from None
    unknown = sorted(set(found) - _KEYS)
    if unknown:
        raise SiteError(f"{path}: unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    front = str(found.get("front", ""))
    return Settings(
        front=_text(path.parent / front, path) if front else "",
        repository=str(found.get("repository", "")).rstrip("/"),
        address=str(found.get("address", "")),
        parts=tuple(
            p for entry in found.get("part", []) if (p := _part(course, path, entry)).pages
        ),
        api=tuple(
            (_need(path, a, "title"), tuple(a.get("modules", ()))) for a in found.get("api", [])
        ),
    )


def _part(course: Course, path: Path, entry: dict[str, Any]) -> Part:
    pages: list[Path] = []
    for pattern in entry.get("pages", []):
        found = sorted(p.relative_to(course.root) for p in course.root.glob(pattern))
        if not found and (course.root / "docs").is_dir():
            raise SiteError(f"{path}: there is no {pattern} in {course.root}")
        pages += [p for p in found if p not in pages]
    return Part(_need(path, entry, "title"), tuple(pages), bool(entry.get("below", False)))


def _need(path: Path, entry: dict[str, Any], key: str) -> str:
    if not isinstance(entry.get(key), str):
        raise SiteError(f"{path}: an entry of [[part]] or [[api]] has no {key!r}")
    return str(entry[key])


def _text(path: Path, named_in: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SiteError(f"{named_in}: front = {path.name!r}: {error.strerror or error}") from None
