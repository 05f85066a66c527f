"""A grader may be a folder, ``graders/<chapter>/<id>/``; what reads a grader takes both forms."""

from __future__ import annotations

import builtins
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import outline
from autograder.authoring import completeness, course_coverage, grader_syntax, public_checks
from autograder.authoring.check_list import checks
from autograder.authoring.mutation import running
from autograder.authoring.public_checks import PublicError
from autograder.grading import digest, private_graders
from autograder.grading.judge_process import Grader
from autograder.judging.hiding import Hiding
from autograder.judging.session import JudgeSession
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Verdict
from autograder.outline import Course
from bench import notebooks, snapshot

GOOD = b"def double(x):\n    return x + x\n"
COMMON = '''"""What the checks of ``double`` share."""

import math

from autograder.checks import expect, show

LEAST = -(10**6)
SECRET_MOST = 10**6


def expect_int(value, right, call):
    expect(type(value) is int and value == right, f"{call} returned {show(value)}.")


def secret_numbers(rng):
    """The hidden inputs."""
    return [rng.randint(LEAST, SECRET_MOST) for _ in range(20 + math.floor(0.5))]
'''
ANY = '''"""Any number is doubled."""

from autograder.checks import check, expect, same

from .common import secret_numbers


@check(points=3, hint="Any number, not the one of the example.")
def test_any(student, rng):
    """Any whole number is doubled."""
    numbers = secret_numbers(rng)

    @student.observe(numbers=numbers)
    def seen(module, numbers):
        return [module.double(n) for n in numbers]

    expect(same(seen, [n + n for n in numbers]), "Some numbers were not doubled.")
'''
EXAMPLE = '''"""The example of the contract."""

from autograder.checks import check

from .common import expect_int as whole
from .common import secret_numbers


@check(points=1, public=True, hint="Add it to itself.")
def test_two(student):
    """double(2) is 4."""

    @student.observe()
    def seen(module):
        return module.double(2)

    whole(seen, 4, "double(2)")


@check(points=1, hint="It is no number like the others.")
def test_zero(student, rng):
    """double(0) is 0."""

    @student.observe()
    def seen(module):
        return module.double(0)

    whole(seen, 0 * secret_numbers(rng)[0], "double(0)")
'''
FILES = {"__init__.py": "", "common.py": COMMON, "test_any.py": ANY, "test_example.py": EXAMPLE}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def as_folder(toy: Course, root: Path) -> Course:
    """The toy course in ``root``, the grader of ``double`` split into a folder."""
    shutil.copytree(toy.root, root, ignore=shutil.ignore_patterns("__pycache__"))
    graders = root / "graders" / "basics"
    table = (graders / "double.toml").read_text().replace('_any"', '_any", "test_zero"')
    (graders / "test_double.py").unlink()
    write(write(graders, {"double.toml": table}) / "double", FILES)
    return outline.load(root)


@pytest.fixture
def course(toy: Course, tmp_path: Path) -> Course:
    return as_folder(toy, tmp_path / "course")


@pytest.fixture
def folder(course: Course) -> Path:
    return course.grader_folder(course.exercise("double"))


def job(source: bytes = GOOD) -> Job:
    return Job("ann", "double", source, "seed")


# -- where it lies ----------------------------------------------------------------------------


def test_its_files_are_known_in_the_order_of_their_names(course: Course, folder: Path) -> None:
    double, stack = course.exercise("double"), course.exercise("stack")
    (folder / "tables").mkdir()
    (folder / "tables" / "test_not_one.py").touch()
    names = [path.name for path in course.grader_files(double)]
    assert names == [
        "__init__.py",
        "common.py",
        "test_not_one.py",
        "test_any.py",
        "test_example.py",
    ]
    assert [p.name for p in course.check_files(double)] == ["test_any.py", "test_example.py"]
    assert course.check_files(stack) == course.grader_files(stack) == (course.grader(stack),)
    course.grader(stack).unlink()
    assert course.check_files(stack) == course.grader_files(stack) == ()


def test_what_a_file_grades(course: Course, folder: Path, tmp_path: Path) -> None:
    graders = course.graders / "basics"
    for path, id in {
        folder / "test_any.py": "double",
        folder / "test_stack_of_doubles.py": "double",
        graders / "test_stack.py": "stack",
        graders / "test_stack_more.py": "stack",
        graders / "test_other.py": "other",
        tmp_path / "test_double_more.py": "double",
        tmp_path / "double" / "test_more.py": "double",
        tmp_path / "double" / "test_stack_more.py": "stack",
    }.items():
        assert course.graded_by(path) == id, path
    write(tmp_path / "double", {"__init__.py": "", "common.py": "", "test_stack_more.py": ""})
    private = tmp_path / "double" / "test_stack_more.py"
    assert course.graded_by(private) == "double"
    assert {p.name for p in course.grader_parts(private)} == {
        "__init__.py",
        "common.py",
        "test_stack_more.py",
    }
    assert course.grader_parts(folder / "test_any.py") == course.grader_files(
        course.exercise("double")
    )
    stack = course.grader(course.exercise("stack"))
    assert course.grader_parts(stack) == (stack,)


def test_a_chapter_may_have_the_name_of_an_exercise(course: Course, tmp_path: Path) -> None:
    text = (course.root / "outline.toml").read_text().replace('"basics"', '"double"')
    (course.root / "outline.toml").write_text(text)
    shutil.move(course.graders / "basics", course.graders / "double")
    renamed = outline.load(course.root)
    for name in ("stack", "double"):
        for path in renamed.check_files(renamed.exercise(name)):
            assert renamed.graded_by(path) == name
    assert len(renamed.check_files(renamed.exercise("double"))) == 2


# -- the judge --------------------------------------------------------------------------------


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("name", ["x[1]::y$HOME #é.1", "import"])
def test_a_course_in_any_folder(toy: Course, tmp_path: Path, name: str) -> None:
    course = as_folder(toy, tmp_path / name)
    with Grader(course, JudgeSettings(course.root, ("double",), slot=61)) as grader:
        right = grader.grade(job())
        wrong = grader.grade(job(b"def double(x):\n    return x * x\n"))
        stub = grader.grade(job(course.stub(course.exercise("double")).read_bytes()))
    assert [c.name for c in right.checks] == ["test_any", "test_two", "test_zero"]
    assert right.verdict is Verdict.PASSED and right.points == 4
    assert [c.verdict for c in wrong.checks] == [Verdict.FAILED, Verdict.PASSED, Verdict.PASSED]
    assert "not doubled" in wrong.checks[0].message and stub.verdict is Verdict.NOT_ATTEMPTED


@pytest.mark.usefixtures("walls")
def test_two_folders_of_one_name_and_that_of_a_module_in_use(toy: Course, tmp_path: Path) -> None:
    """A private grader ``pluggy/`` beside the course's, in a process that has imported pluggy."""
    course = as_folder(toy, tmp_path / "course")
    for path in [p for p in course.root.rglob("*") if p.is_file() and "double" in p.read_text()]:
        path.write_text(path.read_text().replace("double", "pluggy"))
    graders = course.graders / "basics"
    shutil.move(graders / "double", graders / "pluggy")
    shutil.move(
        course.root / "solutions/basics/double.py", course.root / "solutions/basics/pluggy.py"
    )
    course = outline.load(course.root)
    private = {
        "__init__.py": "",
        "common.py": "EXPECTED = 14\n",
        "test_any.py": EXAMPLE.replace("expect_int as whole", "EXPECTED")
        .replace("from .common import secret_numbers\n", "from autograder.checks import expect\n")
        .replace("test_two", "test_seven")
        .replace("double(2)", "pluggy(7)")
        .replace('whole(seen, 4, "pluggy(7)")', 'expect(seen == EXPECTED, "No.")')
        .partition("\n\n@check(points=1, hint")[0],
    }
    write(tmp_path / "mine" / "pluggy", private)
    files = private_graders.files([tmp_path / "mine"])
    with Grader(course, JudgeSettings(course.root, ("pluggy",), graders=files, slot=62)) as grader:
        asked = Job("ann", "pluggy", GOOD.replace(b"double", b"pluggy"), "seed")
        result = grader.grade(asked)
    assert result.verdict is Verdict.PASSED, result
    assert [c.name for c in result.checks] == ["test_any", "test_two", "test_zero", "test_seven"]


OPEN = (
    "def ask(student):\n    @student.observe()\n    def seen(module):\n        return LEAST\n\n\n"
)


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (
            "test_any.py",
            "test_any(",
            "test_two(",
            r"test_example.py:\d+: a second check is called test_two; .*at test_any.py:\d+",
        ),
        ("common.py", "import math", "import maths", r"common.py:3: ModuleNotFoundError: .*maths"),
        ("common.py", "import math", "import (", r"common.py:3: SyntaxError"),
        ("test_any.py", ".common", "..common", r"test_any.py:5: (ImportError|ModuleNotFound)"),
        ("common.py", "LEAST, SECRET_MOST", "LEAST, MOST", r"common.py:17: NameError: .*'MOST'"),
        ("common.py", "def secret", OPEN + "def secret", r"common.py:\d+: .*'seen' uses LEAST"),
    ],
)
def test_what_is_wrong_with_it_is_said_with_file_and_line(
    course: Course, folder: Path, name: str, old: str, new: str, words: str
) -> None:
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with Grader(course, JudgeSettings(course.root, ("double",), slot=63)) as grader:
        result = grader.grade(job())
    assert result.verdict is Verdict.GRADER_FAULT
    told = "\n".join([result.message, *(c.message for c in result.checks)])
    assert re.search(words, told), told


def test_the_students_judge_runs_it(course: Course) -> None:
    session = JudgeSession(course)
    try:
        result = session.check(course.exercise("double"), job(), b"")
    finally:
        session.close()
    assert [c.verdict for c in result.checks] == [Verdict.PASSED] * 3


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_plain_pytest_runs_it(course: Course, mode: str) -> None:
    solutions = str(course.root / "solutions")
    command = [sys.executable, "-m", "pytest", str(course.graders), "-p", "autograder.plain"]
    command += ["--course", str(course.root), "--submission", solutions, f"--import-mode={mode}"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-k", "double"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_a_hidden_check_may_show_words_of_all_its_files(course: Course, folder: Path) -> None:
    (folder / "common.py").write_text(COMMON + 'WORD = "marzipan"\n')
    words = Hiding(course.grader_parts(folder / "test_any.py"), b"")
    assert words.known("marzipan") and words.known(" returned ") and not words.known("nougat")


# -- what else reads a grader -----------------------------------------------------------------


def test_digests_cover_every_file(course: Course, folder: Path, tmp_path: Path) -> None:
    exercise = course.exercise("double")
    write(tmp_path / "mine" / "double", {**FILES, "test_private.py": ANY})
    digests = set()
    for path in (None, *course.grader_files(exercise), tmp_path / "mine" / "double" / "common.py"):
        if path is not None:
            path.write_text(path.read_text() + "# changed\n")
        parts = private_graders.parts(course, [tmp_path / "mine"])
        digests.add(digest.grader_digest(course, exercise, parts))
    assert len(digests) == 2 + len(FILES)
    before = running.digest(course, exercise)
    (folder / "common.py").write_text(COMMON)
    assert running.digest(course, exercise) != before


@pytest.mark.usefixtures("walls")
def test_audit_takes_it(course: Course, folder: Path) -> None:
    assert completeness.missing(course, course.exercise("double")) == []
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "audit", "double", "--course", str(course.root)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "110", "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout
    assert "7 specimens, 7 runs, 0 failures" in done.stdout


def test_coverage_counts_the_checks_of_every_file(course: Course) -> None:
    counts = checks(course.check_files(course.exercise("double")))
    assert counts.kinds == {"behaviour": 3} and counts.public == 1
    assert "| `double` | 1 | 4 | 3 |" in course_coverage.page(course)


def test_the_benchmarks_take_it(course: Course, tmp_path: Path) -> None:
    graded = snapshot.copy_course(course, tmp_path / "copy", behaviour_only=True)
    double = graded.course.exercise("double")
    assert len(graded.course.grader_files(double)) == len(FILES)
    texts = notebooks.texts(graded.course, double)
    assert [text.splitlines()[0] for text in texts] == [
        text.splitlines()[0] for text in (COMMON, ANY, EXAMPLE)
    ]
    helpers, tests = notebooks.split_grader(texts[2])
    assert [name for name, _ in tests] == ["test_two", "test_zero"]
    assert "whole = expect_int" in helpers and "from .common" not in helpers


# -- the class bundle -------------------------------------------------------------------------


def test_a_bundle_gets_the_public_checks_and_what_they_use(course: Course) -> None:
    reduced = public_checks.reduced(course, course.exercise("double"))
    assert reduced.public == ("test_two",) and reduced.hidden == 2
    names = [path.as_posix() for path in reduced.files]
    assert names == ["double/__init__.py", "double/common.py", "double/test_example.py"]
    for word in ("secret", "SECRET", "LEAST", "math", "test_any", "test_zero", "hidden inputs"):
        assert word not in reduced.text, word
    example = reduced.files[Path("double/test_example.py")]
    assert example.startswith(
        '"""Public checks of ``double``. 2 more run when your work is graded.'
    )
    assert "from .common import expect_int as whole\n" in example


@pytest.mark.usefixtures("walls")
def test_a_bundle_is_a_course_with_a_grader_folder(course: Course, tmp_path: Path) -> None:
    for path, text in public_checks.reduced(course, course.exercise("double")).files.items():
        write((tmp_path / "bundle" / "graders" / "basics" / path).parent, {path.name: text})
    shutil.copy(course.root / "outline.toml", tmp_path / "bundle")
    bundle = outline.load(tmp_path / "bundle")
    with Grader(bundle, JudgeSettings(bundle.root, ("double",), slot=64)) as grader:
        result = grader.grade(job())
    assert result.verdict is Verdict.PASSED and [c.name for c in result.checks] == ["test_two"]


WHOLE = "from .common import expect_int as whole"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("test_example.py", WHOLE, "from .common import *", "write the names"),
        ("test_example.py", WHOLE, "from . import common as whole", "import the names that are us"),
        (
            "test_example.py",
            ".common import exp",
            "..common import exp",
            "leads to no file of this",
        ),
        ("test_example.py", "whole(seen, 4", "test_zero(seen, 4", "test_zero is a check"),
        ("common.py", "SECRET_MOST = 10**6\n", "expect_int = 3; SECRET = 4\n", "two statements on"),
    ],
)
def test_what_would_leave_open_what_a_class_sees(
    course: Course, folder: Path, name: str, old: str, new: str, words: str
) -> None:
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(PublicError, match=rf"{name}:\d+: .*{words}"):
        public_checks.reduced(course, course.exercise("double"))


def test_what_no_public_check_needs_may_be_written_as_it_likes(
    course: Course, folder: Path
) -> None:
    changed = COMMON.replace("import math\n", "from math import *; HIDDEN = 1\n")
    (folder / "common.py").write_text(changed.replace("math.floor", "floor"))
    with pytest.raises(PublicError, match=r"common\.py:3: `import \*`"):
        public_checks.reduced(course, course.exercise("double"))
    (folder / "common.py").write_text(COMMON.replace("import math\n", "import math; HIDDEN = 1\n"))
    assert "HIDDEN" not in public_checks.reduced(course, course.exercise("double")).text


def test_fixtures_come_along_and_may_ask_for_the_reference(course: Course, folder: Path) -> None:
    fixture = (
        "import pytest\n\n\n@pytest.fixture\ndef four():\n    return FOUR\n\n\nFOUR = 4\n\n\n"
        "@pytest.fixture\ndef theirs(reference):\n    return reference\n"
    )
    (folder / "common.py").write_text(COMMON + fixture)
    text = EXAMPLE.replace("secret_numbers", "four, theirs", 1).replace(
        "(student):", "(student, four):"
    )
    (folder / "test_example.py").write_text(text)
    reduced = public_checks.reduced(course, course.exercise("double"))
    assert reduced.public == ("test_two",)
    assert "FOUR = 4" in reduced.text and "theirs" not in reduced.text
    (folder / "test_example.py").write_text(text.replace("(student, four):", "(student, theirs):"))
    reduced = public_checks.reduced(course, course.exercise("double"))
    assert reduced.public == () and reduced.hidden == 3 and not reduced.files


def test_every_name_that_a_reduced_grader_uses_is_there() -> None:
    """In the bundled course, whose public checks are run on students' machines."""
    course = outline.load()
    for exercise in course.exercises:
        files = public_checks.reduced(course, exercise).files
        assert files, exercise.id
        for path, text in files.items():
            module = grader_syntax.read(path, text)
            asked = {name for node in module.body for name in grader_syntax.names(node)}
            for check in module.checks.values():
                asked -= {*grader_syntax.arguments(check)}
            assert asked <= {*module.definers, *module.checks, *dir(builtins)}, path
