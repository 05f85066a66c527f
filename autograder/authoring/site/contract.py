"""The contract of an exercise as Markdown, made from the docstrings of its reference."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

from autograder.outline import Exercise
from autograder.text import notebook


def contract(exercise: Exercise, source: str) -> str:
    """The task as Markdown: title, effort, and each public docstring under its signature."""
    parts = [
        notebook.heading(exercise.id, exercise.title, exercise.section),
        notebook.effort(exercise.points, exercise.minutes),
    ]
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        text = ast.get_docstring(node, clean=False)
        if node.name.startswith("_") or not text:
            continue
        parts += [f"```python\n{_signature(node)}\n```", markdown(inspect.cleandoc(text))]
    return "\n\n".join(parts)


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in node.bases)
        head = f"class {node.name}" + (f"({bases})" if bases else "")
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
                return f"{head}:\n    {_signature(inner)}"
        return head
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{word} {node.name}({ast.unparse(node.args)}){returns}"
    if len(line) <= 88:
        return line
    inner_lines = ",\n".join(_arguments(node.args))
    return f"{word} {node.name}(\n{textwrap.indent(inner_lines, '    ')},\n){returns}"


def _arguments(args: ast.arguments) -> list[str]:
    """Each parameter as it is written, ``*`` and ``/`` included."""
    one_each: list[str] = []
    text = ast.unparse(args)
    depth = start = 0
    for number, character in enumerate(text):
        depth += character in "([{"
        depth -= character in ")]}"
        if character == "," and not depth:
            one_each.append(text[start:number].strip())
            start = number + 1
    return [*one_each, text[start:].strip()]


def markdown(docstring: str) -> str:
    """A docstring as Markdown: examples fenced, or ``>>>`` would become a quotation."""
    parts = []
    for paragraph in re.split(r"\n[ \t]*\n", docstring):
        text = textwrap.dedent(paragraph)
        if text.lstrip().startswith(">>>"):
            parts.append(f"```python\n{text}\n```")
        else:
            parts.append(text)
    return "\n\n".join(parts)
