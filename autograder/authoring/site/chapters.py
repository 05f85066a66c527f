"""A lesson that has been run -> the page of its chapter."""

from __future__ import annotations

import html
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

from autograder.authoring import executing, lessons, outputs, pictures
from autograder.authoring.lessons import LessonError
from autograder.authoring.outputs import Stated
from autograder.authoring.site.contract import contract
from autograder.authoring.site.settings import SiteError
from autograder.outline import Chapter, Course, Exercise
from autograder.text.numbers import points

PREDICT = "predict"
"""Tag of cells whose output readers should predict before they open it."""
PICTURES = "_pictures"
"""Folder of the pictures, within the site."""
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)
_FENCE = re.compile(r"(^(`{3,}).*?^\2[ \t]*$)", re.MULTILINE | re.DOTALL)
_RUN = "From the run that made this page. Yours will differ."
_RECORDED = "A recorded sample. Run the cell to get your own."


Files = dict[Path, str | bytes]


def add(course: Course, chapter: Chapter, cache: Path | None, files: Files) -> list[str]:
    """Add the pages of a chapter, for Sphinx, and its pictures to ``files``; returns the pages'
    names. Each section of the lesson has a page, and the beginning is the chapter's own.

    With a folder ``cache`` every cell is run, or was run before with the same content. Without one
    the pages show the recorded outputs. :class:`~autograder.authoring.lessons.LessonError` where
    a cell shows something else than the lesson states.
    """
    said = lessons.stated(course, chapter)
    book = (
        executing.executed(course, chapter, cache) if cache else lessons.notebook(course, chapter)
    )
    exercises = {f"{e.id}-task": e for e in chapter.exercises}
    sections: list[list[NotebookNode]] = [[]]
    for cell in book.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if grade_id in exercises:
            about = exercises[grade_id]
            source = course.solution(about).read_text(encoding="utf-8")
            sections[-1].append(new_markdown_cell(exercise(about, contract(about, source))))
        elif cell.cell_type == "markdown":
            first, *rest = _SECTION.split(cell.source)
            sections[-1] += [new_markdown_cell(first)] if first.strip() else []
            sections += [[new_markdown_cell(text)] for text in rest]
        elif not grade_id and lessons.KATA not in cell.metadata.get("tags", ()):
            if cache:
                _compare(course, chapter, cell, said.get(cell.id, Stated("")))
            sections[-1].append(_code(cell, said.get(cell.id), files, ran=cache is not None))
    names = [chapter.id, *(f"{chapter.id}-{n}" for n in range(1, len(sections)))]
    sections[0] += [
        new_markdown_cell(part) for part in (_facts(chapter), _contents(names[1:])) if part
    ]
    for name, cells in zip(names, sections, strict=True):
        page = new_notebook(cells=cells, metadata=book.metadata)
        for cell in cells if name != chapter.id else ():
            if cell.cell_type == "markdown":
                cell.source = _raised(cell.source)
        for number, cell in enumerate(cells):
            cell.id = f"{number}"  # the same in every build
        files[Path("chapters", f"{name}.ipynb")] = nbformat.writes(page)
    return names


def _raised(text: str) -> str:
    """A section's text as a page by itself: its headings one level up."""
    parts = _FENCE.split(text)
    return "".join(
        re.sub(r"^#(#+ )", r"\1", part, flags=re.MULTILINE) if n % 3 == 0 else part
        for n, part in enumerate(parts)
        if n % 3 != 2
    )


def _facts(chapter: Chapter) -> str:
    minutes = sum(e.minutes for e in chapter.exercises)
    total = points(sum(e.points for e in chapter.exercises))
    return (
        f":::{{container}} facts\n{len(chapter.exercises)} exercises, {total} points, "
        f"about {minutes / 60:.1f} hours. [All exercises](/exercises.md)\n:::"
    )


def _contents(names: list[str]) -> str:
    listed = "\n".join(names)
    return f"```{{toctree}}\n:maxdepth: 2\n\n{listed}\n```" if names else ""


def _compare(course: Course, chapter: Chapter, cell: NotebookNode, stated: Stated) -> None:
    shown = outputs.text_of(cell.outputs)
    if not stated.fits(shown):
        raise LessonError(
            f"{course.lesson(chapter.id)}: a cell shows something else\n{cell.source}\n"
            f"stated:\n{stated.text}\nshown:\n{shown}"
        )


def _code(cell: NotebookNode, stated: Stated | None, files: Files, *, ran: bool) -> NotebookNode:
    """The cell with pictures as files, a note below what varies, and folds for predictions."""
    shown: list[NotebookNode] = []
    for output in cell.outputs:
        if shown and output.output_type == shown[-1].output_type == "stream":
            shown[-1].text += output.text  # how many there are depends on time
            continue
        if output.get("metadata", {}).get(outputs.RECORDED):
            continue
        png = pictures.png_of(output)
        if png is None:
            shown.append(output)
            continue
        name = f"{cell.id}.png"
        files[Path(PICTURES, name)] = png
        source = re.sub('src="[^"]+"', f'src="../{PICTURES}/{name}"', output.data["text/html"])
        source = source.replace("<img ", f'<img loading="lazy" height="{pictures.height(png)}" ')
        shown.append(new_output("display_data", data={"text/html": source}))
    if stated and stated.varies:
        note = html.escape(_RUN if ran else _RECORDED)
        shown.append(
            new_output("display_data", data={"text/html": f'<p class="varies">{note}</p>'})
        )
    cell.outputs = shown
    if PREDICT in cell.metadata.get("tags", ()):
        cell.metadata["tags"] = [*cell.metadata["tags"], "hide-output"]
    return cell


# -- exercises ----------------------------------------------------------------------------------


def exercise(about: Exercise, markdown: str) -> str:
    """An exercise as it stands in its chapter: contract, how to start, hints that are folded."""
    heading, effort, *body = markdown.split("\n\n")
    before = ", ".join(f"[{id}](#exercise-{id})" for id in about.prerequisites)
    facts = effort.rstrip(".") + (f". Builds on {before}." if before else ".")
    parts = [
        f"(exercise-{about.id})=\n{heading}",
        f"::::::{{container}} exercise\n\n{facts}",
        *body,
        start(about),
    ]
    for number, hint in enumerate(about.hints, 1):
        if "::::" in hint:
            raise SiteError(f"hint {number} of {about.id}: it has '::::' in it")
        title = f"Hint {number} of {len(about.hints)}"
        parts.append(
            f"::::{{admonition}} {title}\n:class: hint\n:collapsible: closed\n\n{hint}\n::::"
        )
    return "\n\n".join([*parts, "::::::"])


def start(about: Exercise) -> str:
    """What to type to begin with an exercise."""
    file = f"exercises/{about.chapter}/{about.id}.py"
    return (
        f"```console\n$ kata open {about.id}     # {file}\n"
        f"$ kata watch {about.id}    # checks it whenever you save\n```"
    )
