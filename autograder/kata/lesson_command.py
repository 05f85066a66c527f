"""How a lesson is shown: in the terminal, or as a page in the browser."""

from __future__ import annotations

import html
import io
import os
import re
import textwrap
import tomllib
import webbrowser
from pathlib import Path

from autograder.errors import KataError
from autograder.kata import pager
from autograder.kata.lesson import Reading, reading
from autograder.kata.lines import Line, steps
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace
from autograder.outline import Chapter, Exercise, OutlineError, outline_path

WIDEST = 100
_OUTPUT = re.compile(r"^(```text\n)(.*?)(\n```)$", re.MULTILINE | re.DOTALL)
_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--code:#f4f5f7;--line:#d0d7de;
--link:#0550ae}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--code:#161b22;--line:#30363d;
--link:#79b8ff}}
body{font:17px/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0}
main{max-width:46rem;margin:0 auto;padding:1rem 1.25rem 4rem}
a{color:var(--link)}
pre,code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.875em;background:var(--code)}
pre{padding:.75rem 1rem;overflow-x:auto;border-radius:6px}
code{padding:.1em .3em;border-radius:4px}pre code{padding:0;font-size:1em}
pre:has(.language-text) code{background:none}
pre:has(.language-text){border-left:3px solid var(--line);background:none;border-radius:0}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left}
"""


def run(
    workspace: Workspace, chapter: Chapter, exercise: Exercise | None, screen: Screen, web: bool
) -> int:
    """``kata lesson``; exit code 0. Raises ``NoLesson`` if the course has no lesson for it."""
    if web:
        return _web(workspace, chapter, exercise, screen)
    found = reading(workspace, chapter, exercise)
    last = list(_after(found, exercise))
    if screen.plain:
        screen.write(found.markdown)
        screen.show(last)
        return 0
    end = "\n".join(screen.format(line) for line in last)
    pager.show(screen, f"{drawn(found.markdown, screen)}\n\n{end}")
    return 0


def _after(found: Reading, exercise: Exercise | None) -> list[Line]:
    typed = [(f"kata show {exercise.id}", "what the exercise asks for")] if exercise else []
    if not found.whole:
        typed.append((f"kata lesson {_number(found.chapter)}", "the whole chapter"))
    return list(steps(*typed)) if typed else []


def _number(chapter: Chapter) -> str:
    digits = chapter.id.partition("_")[0].removeprefix("ch").lstrip("0")
    return digits if digits.isdecimal() else chapter.id


def drawn(markdown: str, screen: Screen) -> str:
    """Markdown for a terminal, with the colours that the screen wants."""
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    width = min(screen.width, WIDEST)
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=screen.colour,
        no_color=not screen.colour,
        theme=Theme({"markdown.code": "bold cyan"}),  # rich's own is for dark screens only
    )
    # What a cell shows stands behind a bar, so that nobody takes it for code.
    barred = _OUTPUT.sub(lambda m: f"{m[1]}{textwrap.indent(m[2], '│ ', bool)}{m[3]}", markdown)
    with console.capture() as captured:
        console.print(Markdown(barred, code_theme="ansi_dark", hyperlinks=False))
    rows = "\n".join(row.rstrip() for row in captured.get().splitlines())
    return re.sub(r"\n{3,}", "\n\n", rows).strip("\n")


def _web(workspace: Workspace, chapter: Chapter, exercise: Exercise | None, screen: Screen) -> int:
    address = site(workspace)
    if address:
        place = f"{address.rstrip('/')}/chapters/{chapter.id}.html"
        place += f"#exercise-{exercise.id}" if exercise else ""
    else:
        path = _written(workspace, chapter)
        place = path.as_uri() + (f"#exercise-{exercise.id}" if exercise else "")
        screen.show([Line("quiet", f"The page is {workspace.shown(path)}")])
    # Some browsers write to the terminal; without one, nothing opens.
    if not webbrowser.open(place):
        screen.show([Line("open", f"No browser was found. Open {place}", "not opened")])
    return 0


def site(workspace: Workspace) -> str:
    """Where the course's site is: ``KATA_SITE``, or ``site`` in the outline's ``[course]``."""
    try:
        data = tomllib.loads(outline_path(workspace.root).read_text(encoding="utf-8"))
        named = data.get("course", {}).get("site", "")
    except (OutlineError, OSError, ValueError):
        named = ""  # a self-study workspace has no outline of its own
    return os.environ.get("KATA_SITE", "") or (named if isinstance(named, str) else "")


def _written(workspace: Workspace, chapter: Chapter) -> Path:
    path = workspace.folder / "pages" / f"{chapter.id}.html"
    text = page(reading(workspace, chapter).markdown, chapter)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KataError(f"{path} was not written: {error.strerror or error}.") from None
    return path


def page(markdown: str, chapter: Chapter) -> str:
    """A lesson as one HTML page that loads nothing; light or dark, as the reader has it."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    for exercise in chapter.exercises:
        mark = f"<code>kata show {exercise.id}</code>"
        body = body.replace(mark, f'<span id="exercise-{exercise.id}">{mark}</span>')
    title = html.escape(chapter.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<style>{_STYLE}</style></head>\n<body><main>\n{body}</main></body></html>\n"
    )
