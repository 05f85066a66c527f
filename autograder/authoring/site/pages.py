"""The pages of a site besides its chapters: front, exercises, guides, API."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath

from autograder.authoring.site.settings import Part, Settings
from autograder.outline import Course
from autograder.text.numbers import points

Files = dict[Path, str | bytes]
_LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s#:]+)(#[^)\s]*)?\)")
_FENCE = re.compile(r"(^(`{3,}|~{3,}).*?^\2[ \t]*$)", re.MULTILINE | re.DOTALL)
_PICTURE = (".svg", ".png", ".jpg")


def front(course: Course, settings: Settings) -> str:
    """``index.md``: the course's own text, its chapters, and the sidebar."""
    rows = [
        f"| [{c.title}](chapters/{c.id}.ipynb) | {len(c.exercises)} "
        f"| {points(sum(e.points for e in c.exercises))} "
        f"| {sum(e.minutes for e in c.exercises)} min |"
        for c in course.chapters
    ]
    head = ["| chapter | exercises | points | time |", "|---|---|---|---|"]
    lists = [
        toctree("Course", [*(f"chapters/{c.id}" for c in course.chapters), "exercises"]),
        *(toctree(part.title, _names(part)) for part in settings.parts),
    ]
    if settings.api:
        lists.append(toctree("API", [_api_page(title, modules) for title, modules in settings.api]))
    text = settings.front.strip() or f"# {course.title}"
    return "\n\n".join([text, "## Chapters", "\n".join([*head, *rows]), *lists]) + "\n"


def _names(part: Part) -> list[str]:
    pages = part.pages[:1] if part.below else part.pages
    return [page.with_suffix("").as_posix() for page in pages]


def toctree(caption: str, names: list[str]) -> str:
    """Pages for the sidebar, below a caption."""
    listed = "\n".join(f"/{name}" for name in names)
    head = f":hidden:\n:caption: {caption}" if caption else ":hidden:"
    return f"```{{toctree}}\n{head}\n\n{listed}\n```"


def exercises(course: Course) -> str:
    """``exercises.md``: every exercise with its place, its worth and what it builds on."""
    parts = ["# Exercises"]
    for chapter in course.chapters:
        rows = [
            f"| {e.section} | [{e.title}](#exercise-{e.id}) | `{e.id}` | {points(e.points)} "
            f"| {e.minutes} min |"
            for e in chapter.exercises
        ]
        head = ["| | exercise | id | points | time |", "|---|---|---|---|---|"]
        parts += [f"## {chapter.title}", "\n".join([*head, *rows])]
    return "\n\n".join(parts) + "\n"


def guides(course: Course, settings: Settings, files: Files) -> None:
    """Add the pages of the parts, with their pictures, to ``files``."""
    known = set(settings.pages)
    for page in settings.pages:
        text = (course.root / page).read_text(encoding="utf-8")
        files[page] = _linked(course, settings, page, text, files)
    for part in settings.parts:
        if part.below:
            rest = toctree("", [page.with_suffix("").as_posix() for page in part.pages[1:]])
            files[part.pages[0]] = f"{files[part.pages[0]]!s}\n{rest}\n"
    assert known <= set(files)


def _linked(course: Course, settings: Settings, page: Path, text: str, files: Files) -> str:
    """The text with links to files that are not pages leading into the repository."""

    def link(match: re.Match[str]) -> str:
        head, target, anchor = match[1], match[2], match[3] or ""
        place = Path(posixpath.normpath(PurePosixPath(page.parent.as_posix()) / target))
        if target.endswith(_PICTURE) and (course.root / place).is_file():
            files[place] = (course.root / place).read_bytes()
        elif place == Path("README.md"):
            return f"{head}/index.md)"
        elif place not in settings.pages and settings.repository:
            kind = "tree" if (course.root / place).is_dir() else "blob"
            return f"{head}{settings.repository}/{kind}/main/{place.as_posix()}{anchor})"
        return match[0]

    parts = _FENCE.split(text)
    # The pattern has two groups: of three parts the first is prose, the second a fenced block.
    return "".join(
        _LINK.sub(link, part) if n % 3 == 0 else part for n, part in enumerate(parts) if n % 3 != 2
    )


def _slug(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def api(settings: Settings, files: Files) -> None:
    """Add a page per module, made from its docstrings, and one per group of several."""
    for title, modules in settings.api:
        names = [f"api/{name.rpartition('.')[2]}" for name in modules]
        for name, module in zip(names, modules, strict=True):
            heading = title if len(modules) == 1 else f"`{module.rpartition('.')[2]}`"
            body = f"```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```"
            files[Path(f"{name}.md")] = f"# {heading}\n\n{body}\n"
        if len(modules) > 1:
            listed = toctree("", names).replace(":hidden:", ":maxdepth: 1")
            files[Path("api", f"{_slug(title)}.md")] = f"# {title}\n\n{listed}\n"


def _api_page(title: str, modules: tuple[str, ...]) -> str:
    return f"api/{_slug(title) if len(modules) > 1 else modules[0].rpartition('.')[2]}"
