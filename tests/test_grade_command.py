"""`autograde grade` as its user meets it, on the toy course."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.outline import Course

pytestmark = pytest.mark.usefixtures("walls")

GOOD = "def double(x):\n    return 2 * x\n"
BAD = "def double(x):\n    return 3 * x\n"
STACK = "class Stack(list):\n    push = list.append\n"
SLOW = "import time\ntime.sleep(1.5)\n" + GOOD


def autograde(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder.cli", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, **options
    )


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    root = tmp_path / "class"
    write(root / "ann", double=GOOD, stack=STACK)
    write(root / "bob", double=BAD)
    write(root / "eve", double="import os\nos._exit(0)\n", stack="class Stack:\n    def(\n")
    return root


def lines(out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    found = {}
    for line in (out / "results.jsonl").read_text().splitlines():
        value = json.loads(line)
        found[value["student"], value["exercise"]] = value
    return found


def test_a_class_from_end_to_end(submissions: Path, tmp_path: Path, toy: Course) -> None:
    out = tmp_path / "out"
    command = ["grade", submissions, "--course", toy.root, "--out", out]
    done = autograde(*command)
    assert done.returncode == 0, done.stderr
    assert "graded 5 of 5" in done.stdout and "Traceback" not in done.stderr
    results = lines(out)
    assert len(results) == 9
    one = results["ann", "double"]
    assert list(one)[:9] == [
        "schema",
        "student",
        "exercise",
        "points",
        "max_points",
        "deferred_points",
        "verdict",
        "seed",
        "checks",
    ]
    assert one["schema"] == 1 and one["points"] == 4 and one["verdict"] == "passed"
    assert list(one["checks"][0]) == [
        "name",
        "title",
        "verdict",
        "points",
        "max_points",
        "public",
        "message",
        "hint",
        "seconds",
    ]
    assert results["bob", "double"]["verdict"] == "failed"
    assert results["eve", "double"]["verdict"] == "crashed"
    assert results["eve", "stack"]["verdict"] == "raised"
    assert results["bob", "stack"]["verdict"] == "not attempted"
    with (out / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"ann", "bob", "eve"}
    assert float(rows["ann"]["double"]) == 4 and float(rows["bob"]["double"]) == 0
    pages = sorted(p.name for p in (out / "feedback").iterdir())
    assert pages == ["ann.html", "bob.html", "eve.html"]
    page = (out / "feedback" / "bob.html").read_text()
    assert "double(2) returned 6" in page and "return 3 * x" in page  # the code that was graded


def test_a_class_again(submissions: Path, tmp_path: Path, toy: Course) -> None:
    out = tmp_path / "out"
    command = ["grade", submissions, "--course", toy.root, "--out", out]
    autograde(*command)
    results = lines(out)
    again = autograde(*command)
    assert "5 graded before, 0 to grade" in again.stdout
    assert lines(out) == results
    (submissions / "bob" / "double.py").write_text(GOOD + "# better\n")
    third = autograde(*command)
    assert "4 graded before, 1 to grade" in third.stdout
    assert lines(out)["bob", "double"]["points"] == 4
    fresh = autograde(*command, "--fresh", "--only", "double")
    assert "3 to grade" in fresh.stdout


def test_the_same_seed_repeats_the_inputs(tmp_path: Path, toy: Course) -> None:
    picky = "def double(x):\n    return 2 * x if x > -900_000 else 0\n"
    root = write(tmp_path / "class" / "ann", double=picky).parent
    marks = []
    for number, seed in enumerate(("7", "7", "8")):
        out = tmp_path / f"out{number}"
        done = autograde("grade", root, "--course", toy.root, "--out", out, "--seed", seed)
        assert done.returncode == 0
        result = lines(out)["ann", "double"]
        assert result["seed"] == seed
        marks.append([c["points"] for c in result["checks"]])
    assert marks[0] == marks[1]


def test_same_text_is_graded_once(tmp_path: Path, toy: Course) -> None:
    for name in ("ann", "bob", "cem"):
        write(tmp_path / "class" / name, double=GOOD)
    done = autograde(
        "grade",
        tmp_path / "class",
        "--course",
        toy.root,
        "--out",
        tmp_path / "o",
        "--only",
        "double",
    )
    assert "3 answers (1 distinct): 1 to grade" in done.stdout
    assert [r["points"] for r in lines(tmp_path / "o").values()] == [4, 4, 4]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_cut_off_goes_on(tmp_path: Path, toy: Course, how: signal.Signals) -> None:
    root = tmp_path / "class"
    for number in range(6):
        write(root / f"s{number}", double=SLOW + f"# {number}\n")
    out = tmp_path / "out"
    command = ["grade", root, "--course", toy.root, "--out", out, "--only", "double", "--jobs", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder.cli", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    store = out / "store.sqlite"
    kept = _wait_for_rows(store, 2)
    process.send_signal(how)
    _, errors = process.communicate()
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "Run the same command again" in errors and "Traceback" not in errors
    assert _no_process_of(process.pid)
    assert not (out / "results.jsonl").exists()
    done = autograde(*command)
    assert done.returncode == 0, done.stderr
    before = int(done.stdout.split(" graded before")[0].split()[-1])
    assert kept <= before < 6
    results = lines(out)
    assert len(results) == 6 and {r["points"] for r in results.values()} == {4}
    assert len({r["seed"] for r in results.values()}) == 1


def _wait_for_rows(store: Path, count: int) -> int:
    import sqlite3
    import time

    for _ in range(1200):
        time.sleep(0.05)
        if store.exists():
            try:
                with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
                    rows = database.execute("select count(*) from kata_graded").fetchone()[0]
            except sqlite3.OperationalError:
                continue
            finally:
                database.close()
            if rows >= count:
                return int(rows)
    raise AssertionError("nothing was graded")


def _no_process_of(session: int) -> bool:
    """Whether no judge or zygote started by that process is left, within a few seconds."""
    import time

    for _ in range(200):
        left = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text("latin-1").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == session or int(fields[3]) == session:
                left.append(stat)
        if not left:
            return True
        time.sleep(0.05)
    return False


def test_private_graders(submissions: Path, tmp_path: Path, toy: Course) -> None:
    private = tmp_path / "private"
    private.mkdir()
    (private / "test_double_zero.py").write_text(
        "from autograder.checks import check, expect\n"
        "@check(points=4, hint='Nothing doubled is nothing.')\n"
        "def test_zero(student):\n"
        "    '''double(0) is 0.'''\n"
        "    @student.observe()\n"
        "    def seen(module):\n"
        "        return module.double(0)\n"
        "    expect(seen == 0, 'Nothing became something.')\n"
    )
    out = tmp_path / "out"
    done = autograde(
        "grade",
        submissions,
        "--course",
        toy.root,
        "--out",
        out,
        "--graders",
        private,
        "--only",
        "double",
    )
    assert done.returncode == 0, done.stderr
    names = [c["name"] for c in lines(out)["ann", "double"]["checks"]]
    assert names == ["test_two", "test_any", "test_zero"]
    assert lines(out)["bob", "double"]["points"] == 2


def test_grader_faults_exit_3(submissions: Path, tmp_path: Path, toy: Course) -> None:
    broken = tmp_path / "course"
    shutil.copytree(toy.root, broken)
    (broken / "graders" / "basics" / "test_double.py").write_text("import nothing_like_it\n")
    out = tmp_path / "out"
    done = autograde("grade", submissions, "--course", broken, "--out", out)
    assert done.returncode == 3
    assert "GRADER FAULT double" in done.stderr and "nothing_like_it" in done.stderr
    assert lines(out)["ann", "stack"]["points"] == 4.5
    assert lines(out)["ann", "double"]["verdict"] == "grader fault"
    (broken / "graders" / "basics" / "test_double.py").write_text(
        toy.grader(toy.exercise("double")).read_text()
    )
    mended = autograde("grade", submissions, "--course", broken, "--out", out)
    assert mended.returncode == 0
    assert lines(out)["ann", "double"]["points"] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["class", "--only", "dubble"], "Did you mean double"),
        (["class", "--course", "class"], "is not a course folder"),
        (["class", "--graders", "nowhere"], "--graders nowhere is not a folder"),
        (["class", "--db", "martian://x"], "cannot be used"),
        (["class", "--jobs", "0"], "--jobs"),
        (["empty"], "holds no submissions"),
        ([""], "SUBMISSIONS is empty"),
        (["class", "--out", ""], "--out is empty"),
        (["class", "--only", ""], "--only names no exercise"),
        (["class", "--only", " , "], "--only names no exercise"),
        (["class", "--seed", ""], "--seed is empty"),
        (["class", "--seed", "\udcff"], "--seed is not UTF-8 text"),
        (["class", "--db", ""], "--db is empty"),
        (["class", "--db", "sqlite:///\udcff"], "--db is not UTF-8 text"),
        (
            ["class/ann/double.py", "--only", "stack"],
            "double.py answers double, which you did not ask for",
        ),
    ],
)
def test_unusable_arguments_exit_2(
    submissions: Path, tmp_path: Path, toy: Course, arguments: list[str], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    course = [] if "--course" in arguments else ["--course", str(toy.root)]
    done = autograde("grade", *arguments, *course, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr.replace("\n", " ") and "Traceback" not in done.stderr


def test_output_folders_of_any_name(tmp_path: Path, toy: Course) -> None:
    name = "-w?x=1#y%41 [red]x\udcff"
    write(tmp_path / "class" / "ann", double=GOOD)
    command = ["grade", "class", "--course", toy.root, "--only", "double", f"--out={name}"]
    for words in ("1 to grade", "1 graded before, 0 to grade"):
        done = autograde(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert words in done.stdout
    assert {p.name for p in tmp_path.iterdir()} == {"class", name}
    assert (tmp_path / name / "store.sqlite").is_file()


def test_an_output_folder_in_use(submissions: Path, tmp_path: Path, toy: Course) -> None:
    from autograder.grading.run import output_folder

    out = tmp_path / "out"
    with output_folder(out):
        done = autograde("grade", submissions, "--course", toy.root, "--out", out)
    assert done.returncode == 2 and "another run" in done.stderr


def test_without_walls_only_when_told_and_said(
    submissions: Path, tmp_path: Path, toy: Course
) -> None:
    path = f"{Path(sys.executable).parent}"
    environment = {**os.environ, "PATH": path}
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        str(submissions),
        "--course",
        str(toy.root),
        "--out",
        str(tmp_path / "out"),
        "--only",
        "double",
    ]
    refused = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert refused.returncode == 2 and "bubblewrap is not installed" in refused.stderr
    done = subprocess.run(
        [*command, "--unsafe-no-sandbox"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "No sandbox" in done.stdout
    assert lines(tmp_path / "out")["ann", "double"]["points"] == 4
    assert lines(tmp_path / "out")["ann", "double"]["sandboxed"] is False
    page = (tmp_path / "out" / "feedback" / "ann.html").read_text()
    assert "sandbox" in page.lower()
    with (tmp_path / "out" / "grades.csv").open(newline="") as file:
        assert [row["unprotected"] for row in csv.DictReader(file)] == ["1", "1", "1"]


def test_results_are_kept_in_postgresql(
    submissions: Path, tmp_path: Path, toy: Course, postgres: str
) -> None:
    command = ["grade", submissions, "--course", toy.root, "--only", "double", "--db", postgres]
    first = autograde(*command, "--out", tmp_path / "one")
    assert first.returncode == 0, first.stderr
    assert "3 to grade" in first.stdout
    elsewhere = autograde(*command, "--out", tmp_path / "two")
    assert "3 graded before, 0 to grade" in elsewhere.stdout
    assert lines(tmp_path / "one") == lines(tmp_path / "two")
    assert not (tmp_path / "two" / "store.sqlite").exists()
