"""What lies inside a bound folder and must not be seen there, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder.commands.app import app
from autograder.gradebook import results
from autograder.grading import database
from autograder.grading.fleet import Fleet
from autograder.judging import observations
from autograder.judging.rooms import WorkerRooms
from autograder.judging.settings import JudgeSettings
from autograder.outline import Course
from autograder.sandbox import bubblewrap, masking
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote


def hidden(roots: list[Path], *secrets: Path, needed: tuple[Path, ...] = ()) -> set[str]:
    """Paths below the roots that are covered."""
    arguments = masking.arguments(roots, secrets, needed)
    covered = {a for flag, a in pairwise(arguments) if flag == "--tmpfs"}
    covered |= {
        arguments[i + 2]
        for i, a in enumerate(arguments)
        if a == "--ro-bind" and arguments[i + 1] == "/dev/null"
    }
    return {path for path in covered if any(Path(path).is_relative_to(r) for r in roots)}


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A folder as an interpreter's, with something private in it."""
    folder = tmp_path / "prefix"
    private = folder / "share" / "graders"
    private.mkdir(parents=True)
    (private / "test_secret.py").write_text("SECRET = 1\n")
    (folder / "public.txt").write_text("public\n")
    return folder


def test_a_secret_below_a_root(prefix: Path) -> None:
    assert hidden([prefix], prefix / "share" / "graders") == {str(prefix / "share" / "graders")}


def test_a_secret_that_is_a_link(prefix: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(prefix / "share")
    assert hidden([prefix], link / "graders") == {str(prefix / "share" / "graders")}


def test_a_root_that_is_a_link(prefix: Path, tmp_path: Path) -> None:
    root = tmp_path / "venv"
    root.symlink_to(prefix)
    assert hidden([root], prefix / "share" / "graders") == {str(root / "share" / "graders")}


def test_what_lies_elsewhere_or_nowhere(prefix: Path, tmp_path: Path) -> None:
    assert hidden([prefix], tmp_path / "elsewhere", prefix / "not there") == set()


def test_a_checkout_with_the_interpreter_in_it(tmp_path: Path) -> None:
    """In an image, say /usr/src/kata with its .venv: hidden, but for what is needed."""
    course, venv = tmp_path / "course", tmp_path / "course" / ".venv"
    inner = venv / "lib" / "graders"
    inner.mkdir(parents=True)
    arguments = masking.arguments([tmp_path], [course, inner], [venv])
    at = arguments.index(str(course))
    assert arguments[at - 1 : at + 6] == [
        "--tmpfs",
        str(course),
        "--ro-bind",
        str(venv),
        str(venv),
        "--remount-ro",
        str(course),
    ]
    assert arguments.index(str(inner)) > at


def test_the_interpreter_itself_cannot_be_hidden(prefix: Path) -> None:
    with pytest.raises(masking.Exposed, match="use another folder"):
        hidden([prefix], prefix)


@pytest.mark.usefixtures("walls")
def test_that_is_said_when_the_sandbox_starts() -> None:
    zygote = Zygote("plain", secrets=(Path("/usr"),))
    with pytest.raises(SandboxFault, match="use another folder"):
        zygote.worker(Limits())
    zygote.close()


@pytest.mark.parametrize("distribution", ["kata_autograder", "kata_course"])
def test_traces_of_this_project(tmp_path: Path, distribution: str) -> None:
    """Where the checkout lies, and what an installed wheel consists of."""
    site = tmp_path / "lib" / "python3.99" / "site-packages"
    info = site / f"{distribution}-0.1.0.dist-info"
    info.mkdir(parents=True)
    for name in ("direct_url.json", "RECORD", "METADATA"):
        (info / name).write_text("")
    checkout = str(masking.PACKAGE.parent)
    pointers = {
        f"_{distribution}.pth": checkout,
        "easy-install.pth": f"/a\n{checkout}\n",
        f"__editable__.{distribution}-0.1.pth": "",
        f"__editable___{distribution}_finder.py": "",
        f"{distribution.replace('_', '-')}.egg-link": "",
        "other.egg-link": checkout,
    }
    for name, text in {**pointers, "innocent.pth": "/elsewhere\n"}.items():
        (site / name).write_text(text)
    expected = {str(info / name) for name in ("direct_url.json", "RECORD")}
    assert hidden([tmp_path]) == expected | {str(site / name) for name in pointers}


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("sqlite:///{}/alone/store.db", ["alone"]),
        ("sqlite:///{}/new/store.db", ["new"]),
        ("sqlite:///{}/among/store.db", ["among/store.db", "among/store.db-journal"]),
        ("sqlite:///file:{}/alone/store.db", ["alone"]),
        ("sqlite://", []),
        ("sqlite:///:memory:", []),
        ("postgresql://user:word@host/store", []),
        ("", []),
        ("no url", []),
    ],
)
def test_databases(tmp_path: Path, url: str, names: list[str]) -> None:
    for name in ("alone/store.db", "among/store.db", "among/store.db-journal", "among/other"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = database.private_paths(url.format(tmp_path))
    assert [str(p.relative_to(tmp_path)) for p in found] == names


@pytest.mark.usefixtures("walls")
def test_inside(prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission walks all that it sees."""
    link = tmp_path / "link"
    link.symlink_to(prefix / "share" / "graders")
    own = bubblewrap.python_folders()
    monkeypatch.setattr(bubblewrap, "python_folders", lambda: [*own, prefix])
    zygote = Zygote("plain", secrets=(link,))

    def walk(module: Any, top: str) -> list[str]:
        return [name for _, _, files in module.os.walk(top) for name in files]

    def pointers(module: Any, words: str) -> list[str]:
        found = []
        for folder in module.sys.path:
            for top, _, files in module.os.walk(folder):
                for name in files:
                    if name.endswith((".pth", ".json", "RECORD")):
                        path = module.os.path.join(top, name)
                        try:
                            with open(path, errors="replace") as file:
                                found += [path] * (words in file.read())
                        except PermissionError:
                            pass
        return found

    try:
        worker = zygote.worker(Limits())
        worker.load({"name": "answer", "source": b"import os, sys\n", "files": {}})
        for function, arguments, expected in (
            (walk, {"top": str(prefix)}, ["public.txt"]),
            (pointers, {"words": str(masking.PACKAGE.parent)}, []),
        ):
            request = {"function": observations.pack(function), "helpers": []}
            reply = worker.call({"op": "observe", **request, "arguments": arguments})
            assert reply == {"value": expected}
        worker.close()
    finally:
        zygote.close()


@pytest.fixture
def hides(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the sandboxes of a run are told to hide; nothing is graded."""
    found: list[Path] = []

    def grade_all(self: Fleet, tasks: Any, meanwhile: Any) -> Iterator[Any]:
        found.extend(self.settings.secrets)
        return iter(())

    monkeypatch.setattr(Fleet, "grade_all", grade_all)
    return found


@pytest.mark.usefixtures("walls")
def test_what_a_run_hides(toy: Course, tmp_path: Path, hides: list[Path]) -> None:
    for name in ("class/ann", "private", "db"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "class" / "ann" / "double.py").write_text("def double(x): return 2 * x\n")
    (tmp_path / "private" / "test_double_more.py").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "private")
    options = ["--graders", tmp_path / "link", "--db", f"sqlite:///{tmp_path}/db/store.sqlite"]
    options += ["--out", tmp_path / "out", "--course", toy.root]
    CliRunner().invoke(app(), ["grade", *map(str, [tmp_path / "class", *options])])
    assert {tmp_path / name for name in ("class", "private", "db", "out")} <= set(hides)


@pytest.mark.usefixtures("walls")
def test_what_nbgrader_hides(toy: Course, tmp_path: Path, hides: list[Path]) -> None:
    class CourseDirectory:
        root = str(tmp_path / "course")
        submitted_directory = str(tmp_path / "elsewhere")
        db_url = f"sqlite:///{tmp_path}/gradebook/gradebook.db"

        def format_path(self, step: str, student: str, assignment: str) -> str:
            return f"{step}/{student}/{assignment}"

    kata = results.KataGrading(graders=[str(tmp_path / "private")])
    kata.db = f"sqlite:///{tmp_path}/db/store.sqlite"
    for name in ("db", "gradebook", "private"):
        (tmp_path / name).mkdir()
    (tmp_path / "private" / "test_double_more.py").write_text("")
    from autograder.ingest.submissions import from_folders

    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "double.py").write_text("def double(x): return 2 * x\n")
    exercises = (toy.exercise("double"),)
    (ann,) = from_folders([(tmp_path / "class" / "ann", "ann")], toy, exercises)
    results.grade(kata, CourseDirectory(), toy, exercises, [ann])
    names = ("course", "elsewhere", "gradebook", "private", "db")
    assert {tmp_path / name for name in names} <= set(hides)


def test_a_judge_hides_its_graders(toy: Course, tmp_path: Path) -> None:
    private = tmp_path / "test_double_more.py"
    rooms = WorkerRooms(toy, JudgeSettings(toy.root, graders=(private,)))
    source = rooms.source("plain", "student")
    assert isinstance(source, Zygote)
    assert {private, toy.root, toy.graders} <= set(source.secrets)
