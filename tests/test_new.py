"""`autograde new`: exercises and courses from templates, honest about what they are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder import clauses, outline, stubs
from autograder.authoring import changes, completeness, scaffold
from autograder.authoring.changes import Changes, ChangesError
from autograder.authoring.scaffold import Draft, ScaffoldError
from autograder.outline import Course
from autograder.text import toml
from tests import in_process


def autograde(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1"},
    )


@pytest.fixture
def root(tmp_path: Path, toy: Course) -> Path:
    folder = tmp_path / "course"
    return Path(shutil.copytree(toy.root, folder, ignore=shutil.ignore_patterns("__pycache__")))


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def add(root: Path, id: str = "totals", chapter: str = "basics", **values: object) -> Course:
    scaffold.new_exercise(outline.load(root), chapter, Draft(id, **values)).write()  # type: ignore[arg-type]
    return outline.load(root)


def finish(course: Course, id: str) -> None:
    """What an author does about each part that the audit names, in the least words."""
    path = outline.outline_path(course.root)
    path.write_text(path.read_text().replace("hints = []  #", 'hints = ["One.", "Two."]  #'))
    for text in course.root.rglob("*"):
        if text.suffix in (".py", ".md", ".toml") and completeness.TEMPLATE in text.read_text():
            lines = text.read_text().splitlines(keepends=True)
            text.write_text("".join(line for line in lines if completeness.TEMPLATE not in line))


# -- an exercise ------------------------------------------------------------------------------


@pytest.mark.usefixtures("walls")
def test_an_exercise_that_the_audit_runs_and_sees_through(root: Path) -> None:
    done = autograde("new", "exercise", "totals", "--chapter", "basics", "--course", root)
    assert done.returncode == 0, done.stderr
    assert f"`autograde audit totals --course {root}`" in done.stdout
    audited = autograde("audit", "totals", "--course", root)
    assert audited.returncode == 1
    assert "8 specimens, 7 runs, 1 failure" in audited.stdout
    course = outline.load(root)
    exercise = course.exercise("totals")
    lacks = completeness.missing(course, exercise)
    assert "no hints in the outline" in lacks and all(words in audited.stdout for words in lacks)
    told = {re.sub(r":\d+: still the template: .*", "", w) for w in lacks if "template" in w}
    parts = [course.solution(exercise), course.grader(exercise), clauses.path(course, exercise)]
    parts += course.specimens(exercise).glob("*.py")
    assert told == {str(path.relative_to(course.root)) for path in parts}
    finish(course, "totals")
    done = autograde("audit", "totals", "--course", root)
    assert done.returncode == 0, done.stdout
    assert "7 specimens, 7 runs, 0 failures" in done.stdout


def test_its_parts(root: Path) -> None:
    before = tree(root)
    course = add(root, title='Say "so" \\ twice', points=2.5, minutes=7, needs=("numpy",))
    exercise = course.exercise("totals")
    assert exercise.title == 'Say "so" \\ twice' and exercise.needs == ("numpy",)
    assert (exercise.points, exercise.minutes, exercise.chapter) == (2.5, 7, "basics")
    assert stubs.write(course, check_only=True) == []
    assert "still the template" not in course.stub(exercise).read_text()
    after = tree(root)
    assert {name for name in before if after[name] != before[name]} == {"outline.toml"}
    assert after["outline.toml"].startswith(before["outline.toml"])
    for name in after.keys() - before.keys():
        compile(after[name], name, "exec")
    assert add(root, "running_sum").exercise("running_sum").title == "Running sum"
    assert add(root, "whole", points=3.0).exercise("whole").points == 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_stands_last_in_its_chapter_and_comments_stay(root: Path, end: str) -> None:
    path = root / "outline.toml"
    text = path.read_text().replace("[course]", "# first\n[course]") + (
        'hidden_checks = 2 # "[[chapter]]"\n\n\n# about what comes next\n# and more\n'
        '[[ chapter ]] # named\nid = "more"\n\n[extra]\ntext = """\n[[chapter]]\n"""\n# the end'
    )
    path.write_bytes(text.replace("\n", end).encode())
    for chapter, id in (("more", "last"), ("basics", "totals"), ("more", "again")):
        add(root, id, chapter)
    changed = path.read_bytes().decode()
    assert changed.count(end) == changed.count("\n")
    course = outline.load(root)
    assert [e.id for e in course.chapters[0].exercises] == ["double", "stack", "primes", "totals"]
    assert [e.id for e in course.chapters[1].exercises] == ["last", "again"]
    left = re.sub(
        rf'{end}{end}\[\[chapter\.exercise\]\]{end}id = "(totals|last|again)".*?solution',
        "",
        changed,
        flags=re.DOTALL,
    )
    assert left.split() == text.split()
    assert changed.index('"totals"') < changed.index("# about what comes next")


def test_an_outline_without_a_place_for_it_is_left_alone(tmp_path: Path) -> None:
    text = (
        '[[chapter]]\nid = "a"\nexercise = [{ id = "x", title = "X", points = 1, minutes = 1 }]\n'
    )
    (tmp_path / "outline.toml").write_text(text)
    with pytest.raises(
        ScaffoldError, match=r"(?s)outline\.toml .*by hand.*\[\[chapter\.exercise\]\]"
    ):
        add(tmp_path, chapter="a")
    assert tree(tmp_path) == {"outline.toml": text.encode()}


def test_a_lesson_gets_a_place_for_it(root: Path) -> None:
    lesson = root / "lessons" / "basics.md"
    lesson.parent.mkdir()
    lesson.write_text(
        "# Basics\n\n"
        + "".join(f"```{{exercise}} {id}\n```\n\n" for id in ("double", "stack", "primes"))
    )
    course = add(root)
    assert lesson.read_text().endswith("```{exercise} totals\n```\n")
    assert completeness.placed(lesson) == ("double", "stack", "primes", "totals")
    (words,) = [
        w for w in completeness.missing(course, course.exercise("totals")) if "lessons" in w
    ]
    assert re.match(r"lessons/basics\.md:\d+: still the template: move totals to where", words)
    lesson.write_text("# Basics\n")
    assert completeness.unplaced(course)[0].startswith(
        "double: lessons/basics.md does not place it"
    )
    lesson.write_bytes(b"\xff\xfe")
    with pytest.raises(ChangesError, match=r"basics\.md cannot be read: .*nothing was changed"):
        add(root, "another")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["double"], "'double' cannot be used: it is taken: "),
        (["basics"], "'basics' cannot be used: it is taken: "),
        (["Moving-Average"], "for example moving_average"),
        (["2fast"], "lower-case letters, digits and underscores"),
        (["é"], "lower-case letters"),
        ([""], "lower-case letters"),
        (["../x"], "lower-case letters"),
        (["lambda"], "keyword of Python"),
        (["json"], "name of a module"),
        (["numpy"], "name of a module"),
        (["kata_tasks"], "begins with kata_"),
        (["totals", "--chapter", "basic"], "has no chapter 'basic', only basics."),
        (["totals", "--chapter", "basic"], "Did you mean basics?"),
        (["totals", "--points", "nan"], "points must be from 0"),
        (["totals", "--points", "-1"], "points must be from 0"),
        (["totals", "--points", "many"], "--points"),
        (["totals", "--minutes", "-1"], "--minutes"),
        (["totals", "--needs", "a-b"], "'a-b', which is not a package name"),
        (["totals", "--title", " "], "--title is empty"),
        (["totals", "--title", "two\nlines"], "--title must be one line"),
        (["totals", "--title", "\udcff"], "--title is not UTF-8 text"),
        (["totals", "--course", "nowhere"], "is not a course folder"),
    ],
)
def test_what_cannot_be_exits_2_and_writes_nothing(
    root: Path, arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    before = tree(root)
    if "--chapter" not in arguments:
        arguments = [*arguments, "--chapter", "basics"]
    if "--course" not in arguments:
        arguments = [*arguments, "--course", str(root)]
    done = in_process.autograde("new", "exercise", *arguments)
    assert done.exit_code == 2, done.output
    assert words in " ".join(done.output.split()), done.output
    assert tree(root) == before


def test_a_file_of_another_exercise_has_that_name(root: Path) -> None:
    (root / "totals.py").touch()
    path = root / "outline.toml"
    path.write_text(path.read_text().replace('hints = ["Sieve."]', 'files = ["totals.py"]'))
    with pytest.raises(ScaffoldError, match=r"exercise primes brings the file totals\.py"):
        add(root)


def test_nothing_is_overwritten(root: Path) -> None:
    for name in ("solutions/basics", "graders/basics", "tests/specimens/basics/totals"):
        path = root / name / "test_totals.py"
        path = path if "graders" in name else path.with_name("totals.py")
        path = path.with_name("right_accumulate.py") if "specimens" in name else path
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine\n")
        before = tree(root)
        with pytest.raises(ChangesError, match=f"{path} is there already"):
            add(root)
        assert tree(root) == before
        path.unlink()
    (root / "solutions" / "basics" / "totals.py").symlink_to("nowhere.py")
    with pytest.raises(ChangesError, match="is there already"):
        add(root)


def test_nothing_is_half_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / "tests")
    (root / "tests").write_text("a file\n")
    before = tree(root)
    with pytest.raises(ChangesError, match=r"tests.* cannot be written: .*nothing was changed"):
        add(root)
    assert tree(root) == before
    (root / "tests").unlink()
    (root / "lessons").mkdir()
    (root / "lessons" / "basics.md").write_text("# Basics\n")
    before = tree(root)
    folders = {path for path in root.rglob("*") if path.is_dir()}
    replace = changes._replace

    def full(path: Path, text: str) -> None:
        if path.name == "outline.toml":
            raise OSError(28, "No space left on device", str(path))
        replace(path, text)

    monkeypatch.setattr(changes, "_replace", full)
    with pytest.raises(ChangesError, match=r"outline\.toml cannot be written: No space left"):
        add(root)
    assert tree(root) == before
    assert {path for path in root.rglob("*") if path.is_dir()} == folders


def test_what_is_edited_keeps_its_mode_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("a\r\n")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    Changes({}, {tmp_path / "link": "b\r\n"}).write()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"b\r\n"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_the_installed_course_is_left_alone(toy: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaffold, "PACKAGE", toy.root.parent)
    installed = Course(toy.root.parent / "_course", toy.title, toy.chapters, toy.graders)
    monkeypatch.setattr(outline, "outline_path", lambda root: toy.root / "outline.toml")
    with pytest.raises(ScaffoldError, match="autograde new course DIR"):
        scaffold.new_exercise(installed, "basics", Draft("totals"))


# -- a course ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("walls")
def test_a_course_that_the_audit_runs_and_sees_through(tmp_path: Path) -> None:
    root = tmp_path / "my course"
    done = autograde("new", "course", "my course", "--title", "Mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    course = outline.load(root)
    assert course.title == "Mine" and [e.id for e in course.exercises] == ["running_totals"]
    assert stubs.write(course, check_only=True) == []
    audited = autograde("audit", "--course", root)
    assert audited.returncode == 1 and "8 specimens, 7 runs, 1 failure" in audited.stdout
    assert "lessons/ch01_first_steps.md:14: still the template: " in audited.stdout
    finish(course, "running_totals")
    course = outline.load(root)
    assert completeness.missing(course, course.exercise("running_totals")) == []
    added = add(root, "second", scaffold.FIRST_CHAPTER)
    assert [e.id for e in added.exercises] == ["running_totals", "second"]
    again = in_process.autograde("new", "course", root)
    assert again.exit_code == 2 and "is not empty, and nothing is overwritten" in again.stderr


def test_its_lesson_becomes_a_notebook(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    from autograder.authoring import lessons

    scaffold.new_course(tmp_path / "own").write()
    course = outline.load(tmp_path / "own")
    assert course.title == "Own"
    cells = lessons.notebook(course, course.chapters[0]).cells
    (shown,) = [c for c in cells if c.cell_type == "code" and c.outputs]
    assert shown.outputs[0].text == "3\n4\n6\n"
    assert any(c.metadata.get("nbgrader", {}).get("grade_id") == "running_totals" for c in cells)


def test_where_a_course_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    scaffold.new_course(tmp_path / "empty").write()
    assert outline.load(tmp_path / "empty").title == "Empty"
    (tmp_path / "file").touch()
    with pytest.raises(ScaffoldError, match="is a file; name a folder"):
        scaffold.new_course(tmp_path / "file")
    with pytest.raises(ChangesError, match=r"file.* cannot be written"):
        scaffold.new_course(tmp_path / "file" / "inner").write()
    scaffold.new_course(tmp_path / "---").write()
    assert outline.load(tmp_path / "---").title == "A new course"


# -- what belongs to nothing ------------------------------------------------------------------


def test_orphans_are_named(root: Path, toy: Course) -> None:
    course = outline.load(root)
    assert completeness.orphans(toy) == [] and completeness.orphans(course) == []
    for name in (
        "solutions/basics/lost.py",
        "solutions/advanced/double.py",
        "graders/basics/test_lost.py",
        "graders/basics/test_double_more.py",
        "graders/basics/lost_folder/test_a.py",
        "tests/specimens/basics/lost/right_a.py",
        "tests/mutants/basics/lost.toml",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    lost = completeness.orphans(course)
    assert len(lost) == 5
    fix = "add [[chapter.exercise]] with id = 'lost' to chapter 'basics' of the outline, or delete"
    assert f"solutions/basics/lost.py belongs to no exercise: {fix} it" in lost
    assert any("graders/basics/lost_folder belongs to no" in words for words in lost)
    assert completeness.orphans(course, "lost") == [w for w in lost if "lost_folder" not in w]
    of_double = completeness.orphans(course, "double")
    assert of_double == completeness.missing(course, course.exercise("double"))
    assert any("advanced/double.py" in w and "move it to chapter 'basics'" in w for w in of_double)
    assert any("test_double_more.py" in w and "or in a folder double/" in w for w in of_double)


@pytest.mark.usefixtures("walls")
def test_orphans_make_the_audit_red(root: Path) -> None:
    (root / "solutions" / "basics" / "lost.py").touch()
    asked = in_process.autograde("audit", "lost", "--course", root)
    assert asked.exit_code == 2 and "solutions/basics/lost.py belongs to no" in asked.stderr
    for path in ("stack", "primes"):
        text = (root / "outline.toml").read_text()
        (root / "outline.toml").write_text(
            re.sub(rf'(?s)\[\[chapter\.exercise\]\]\nid = "{path}".*?(?=\n\[\[|$(?!.))', "", text)
        )
    done = autograde("audit", "--course", root)
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert "solutions/basics/lost.py belongs to no exercise" in said
    assert "graders/basics/test_stack.py belongs to no exercise" in said


def test_a_stub_that_is_out_of_date(root: Path) -> None:
    course = outline.load(root)
    double = course.exercise("double")
    course.stub(double).write_text("def double(x): ...\n")
    (words,) = completeness.missing(course, double)
    assert words.startswith("the stub does not match the solution (run `autograde stubs`)")
    course.solution(double).write_text("def double(x): ...\n")
    (words,) = completeness.missing(course, double)
    assert "no solution region" in words


@pytest.mark.usefixtures("walls")
def test_no_audit_is_green_for_what_did_not_run(root: Path) -> None:
    """A check that is not there, in a run of that check alone; a grader that is not there."""
    folder = root / "tests/specimens/basics/double"
    (folder / "wrong_lost.py").write_text("# wrong: x  [test_lost]\ndef double(x):\n    return x\n")
    done = autograde("audit", "double", "--quick", "--only", "wrong_lost", "--course", root)
    assert done.returncode == 1 and "there is no check test_lost" in done.stdout
    (root / "graders/basics/test_double.py").unlink()
    lacking = in_process.autograde("audit", "double", "--only", "wrong_lost", "--course", root)
    assert lacking.exit_code == 1 and "no grader" in lacking.stdout


# -- TOML -------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["", 'a"b', "\\", "\n\t\r\0\x1b\x7f", "é…😀", "'"])
def test_texts_in_toml(value: str) -> None:
    assert tomllib.loads(f"x = {toml.text(value)}\ny = {toml.texts([value, value])}") == {
        "x": value,
        "y": [value, value],
    }
    assert toml.texts([]) == "[]"
