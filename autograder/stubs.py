"""``exercises/`` from ``solutions/``: what lies between the solution marks is left out.

The marks are nbgrader's own, ``### BEGIN SOLUTION`` and ``### END SOLUTION``. In place of
a region inside a function stands one statement that raises ``NotImplementedError("<id>: …")``;
a region in a class body or at module level (helpers, imports) leaves nothing behind.
"""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.errors import KataError
from autograder.outline import Course, Exercise

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


class StubError(KataError):
    """A solution whose marks cannot be used; the message names file and line."""


def stub_text(exercise: Exercise, source: str, path: Path) -> str:
    """The stub of a reference solution; raises :class:`StubError` for misplaced marks."""
    lines: list[str] = []
    inside = 0
    regions = placeholders = 0
    for number, line in enumerate(source.splitlines(), 1):
        mark = line.strip()
        if mark == BEGIN:
            if inside:
                raise StubError(f"{path}:{number}: a solution region begins inside another")
            inside, regions = number, regions + 1
            indent = line[: len(line) - len(line.lstrip())]
            if _owner(lines, len(indent)).startswith(("def ", "async def ")):
                words = f"{exercise.id}: write your solution here"
                lines.append(f'{indent}raise NotImplementedError("{words}")')
                placeholders += 1
        elif mark == END:
            if not inside:
                raise StubError(f"{path}:{number}: {END} without {BEGIN}")
            inside = 0
        elif not inside:
            lines.append(line)
    if inside:
        raise StubError(f"{path}:{inside}: this solution region is never closed")
    if not regions:
        raise StubError(f"{path}: no solution region ({BEGIN} … {END})")
    if not placeholders:
        raise StubError(
            f"{path}: no solution region is inside a function, so its stub would be complete"
        )
    text = "\n".join(lines).rstrip() + "\n"
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise StubError(f"{path}: its stub would not be Python: {error}") from error
    return text


def _owner(before: list[str], indent: int) -> str:
    """The ``def`` or ``class`` line that a region at this indentation belongs to."""
    for line in reversed(before):
        text = line.lstrip()
        if text.startswith(("class ", "def ", "async def ")) and len(line) - len(text) < indent:
            return text
    return ""


def is_untouched(source: str | bytes, stub: str | bytes) -> bool:
    """Whether a text is the stub still: they differ in comments, blank lines, line endings and
    indentation at most.

    The one answer to that question for judge, notebooks and `kata`. An empty text is not the stub:
    a file that holds nothing can be graded as what it is. Nothing is the stub where the course has
    lost it (``stub`` has no code). Files are replaced by other rules: anyone who overwrites one
    compares bytes, because a comment may be a student's too.
    """
    return bool(code_lines(stub)) and same_code(source, stub)


def same_code(one: str | bytes, other: str | bytes) -> bool:
    """Whether two texts differ in comments, blank lines, line endings and indentation at most."""
    return code_lines(one) == code_lines(other)


def code_lines(text: str | bytes) -> list[str]:
    """The lines of a text that are neither blank nor comments, without their indentation."""
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", "replace")
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def write(
    course: Course, exercises: tuple[Exercise, ...] | None = None, *, check_only: bool = False
) -> list[Path]:
    """Write the stubs (all by default), and the files that exercises bring beside them; returns
    those that differed.

    With ``check_only`` nothing is written. Files of ``exercises/`` that the outline does not
    know count as different and are removed when everything is written.
    """
    changed = []
    expected = {course.stub(exercise) for exercise in course.exercises}
    expected |= {course.stub(e).parent / name for e in course.exercises for name in e.files}
    for exercise in course.exercises if exercises is None else exercises:
        solution, stub = course.solution(exercise), course.stub(exercise)
        if not solution.is_file():
            raise StubError(f"{solution}: exercise {exercise.id!r} has no reference solution")
        text = stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
        if not stub.is_file() or stub.read_text(encoding="utf-8") != text:
            changed.append(stub)
            if not check_only:
                stub.parent.mkdir(parents=True, exist_ok=True)
                stub.write_text(text, encoding="utf-8")
        for name, data in course.files(exercise):
            path = stub.parent / name
            if not path.is_file() or path.read_bytes() != data:
                changed.append(path)
                if not check_only:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
    for stray in sorted((course.root / "exercises").glob("*/*.py")):
        if stray not in expected and exercises is None:
            changed.append(stray)
            if not check_only:
                stray.unlink()
    return changed
