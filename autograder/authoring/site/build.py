"""Builds the site of a course."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.site import accessible, generator, links, pages, settings
from autograder.authoring.site import chapters as chapter_pages
from autograder.authoring.site.settings import SiteError
from autograder.outline import Course

_MARK = ".kata-site"  # an empty file in a folder that we made, and may empty


@dataclass(frozen=True, slots=True)
class Built:
    """How many pages a site has, and the heaviest of them with its bytes."""

    pages: int
    heaviest: Path
    weight: int


def build(course: Course, out: Path, cache: Path, *, run: bool = True) -> Built:
    """Write the site into ``out``. ``cache`` keeps what cells showed, and Sphinx's own state.

    With ``run`` every cell of the lessons is run, once per content; without it, the recorded
    outputs are shown. :class:`SiteError` where a page is faulty, heavier than
    :data:`links.MOST`, or links to a place in the site that is not there.
    """
    out, cache = out.resolve(), cache.resolve()
    check(out)
    config = settings.read(course)
    files: pages.Files = {
        Path("index.md"): pages.front(course, config),
        Path("exercises.md"): pages.exercises(course),
    }
    for chapter in course.chapters:
        chapter_pages.add(course, chapter, cache / "cells" if run else None, files)
    pages.guides(course, config, files)
    pages.api(config, files)
    values = generator.configuration(course.title, config)
    files[Path("conf.py")] = generator.conf_py(values)
    source = cache / "source"
    changed(source, files)
    out.mkdir(parents=True, exist_ok=True)
    (out / _MARK).touch()
    generator.generate(source, out, cache)
    accessible.improve(out)
    _copied(source, out, files)
    (out / ".nojekyll").touch()  # GitHub Pages hides folders that begin with _ otherwise
    if dead := links.dead(out):
        raise SiteError("\n".join(["links that lead nowhere:", *dead]))
    weights = links.weights(out)
    heaviest = max(weights, key=lambda path: weights[path])
    if weights[heaviest] > links.MOST:
        raise SiteError(f"{heaviest} weighs {weights[heaviest]} bytes; at most {links.MOST}")
    return Built(len(weights), heaviest, weights[heaviest])


def check(out: Path) -> None:
    """:class:`SiteError` where ``out`` holds anything but a site that was built by this."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / _MARK).exists())):
        raise SiteError(f"{out} is not an empty folder or a site; name a new folder")


def changed(source: Path, files: pages.Files) -> None:
    """Make the folder hold these files and no others; equal files stay as they are, because
    Sphinx reads a page again where its file is newer."""
    for old in sorted(source.rglob("*")):
        if old.is_file() and old.relative_to(source) not in files:
            old.unlink()
    for name, content in files.items():
        path = source / name
        data = content.encode() if isinstance(content, str) else content
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _copied(source: Path, out: Path, files: Iterable[Path]) -> None:
    """Pictures of cells: Sphinx does not see them, because they are in HTML that cells show."""
    shutil.rmtree(out / chapter_pages.PICTURES, ignore_errors=True)
    for name in files:
        if name.parts[0] == chapter_pages.PICTURES:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, out / name)
