"""Which files come along with an answer, and what is said of those that do not."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from autograder import extras
from autograder.ingest.contents.around import siblings
from autograder.ingest.contents.beside import NOTHING, Beside, beside
from autograder.ingest.contents.files import SourceFile
from autograder.ingest.contents.mentions import written
from autograder.ingest.contents.shelf import Disk, Names, Overlaid

Tree = dict[str, str | bytes]


def shelf(tree: Tree) -> Names:
    data = {PurePosixPath(n): d.encode() if isinstance(d, str) else d for n, d in tree.items()}
    return Names(data, lambda path: SourceFile(path, data[path]))


def around(source: str, tree: Tree, place: str = "ch02/count_up.py", **more: object) -> Beside:
    whole = {place: source, **tree}
    return beside(source.encode(), PurePosixPath(place), shelf(whole), "count_up", **more)  # type: ignore[arg-type]


def names(source: str, tree: Tree, place: str = "ch02/count_up.py") -> list[str]:
    return [name for name, _ in around(source, tree, place).files]


def test_an_answer_that_names_nothing_has_no_files() -> None:
    tree: Tree = {"ch02/helper.py": "x", "ch02/table.csv": "1", "ch02/data/a.txt": "", "b.py": ""}
    source = (
        'import os\nfrom collections import abc\n\nclass CountUp:\n    """Of helper and x."""\n'
    )
    assert around(source, tree) is NOTHING


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("from helper import norm", ["helper.py"]),
        ("import helper, os", ["helper.py"]),
        ("def f():\n    import helper", ["helper.py"]),
        ("import importlib\nm = importlib.import_module('helper')", ["helper.py"]),
        ("import mypkg.tools", ["mypkg/__init__.py", "mypkg/table.csv", "mypkg/tools.py"]),
        ("from mypkg import tools", ["mypkg/__init__.py", "mypkg/table.csv", "mypkg/tools.py"]),
        ("from plain.deep import x", ["plain/deep.py"]),
        ("import chain", ["chain.py", "helper.py", "table.csv"]),
        ("import running_mean", ["running_mean.py"]),
        ("from count_up import CountUp", []),
        ("open('table.csv')", ["table.csv"]),
        ("open('./table.csv')", ["table.csv"]),
        ("Path(__file__).with_name('table.csv')", ["table.csv"]),
        ("open('data/a.txt')", ["data/a.txt"]),
        ("open('data\\\\a.txt')", ["data/a.txt"]),
        ("open(f'{HERE}/data/a.txt')", ["data/a.txt"]),
        ("os.path.join('data', 'a.txt')", ["data/a.txt", "data/b.bin"]),
        ("Path('data').iterdir()", ["data/a.txt", "data/b.bin"]),
        ("open('C:/Users/me/table.csv')", ["table.csv"]),
        ("[open(f'part{n}.dat') for n in (1, 2)]", ["part1.dat", "part2.dat"]),
        ("glob('*.dat')", ["part1.dat", "part2.dat"]),
        ("open(name + '.dat')", ["part1.dat", "part2.dat"]),
        ("open('my table.csv')", ["my table.csv"]),
        ("sys.path.append('lib')\nimport inner", ["lib/inner.py"]),
        ("import shared", ["shared.py"]),  # one folder up: an editor runs it from there
    ],
)
def test_what_is_named_comes_along(source: str, taken: list[str]) -> None:
    tree: Tree = {
        "ch02/helper.py": "norm = abs\n",
        "ch02/mypkg/__init__.py": "",
        "ch02/mypkg/tools.py": "",
        "ch02/mypkg/table.csv": "",
        "ch02/mypkg/.DS_Store": "",
        "ch02/plain/deep.py": "x = 1\n",
        "ch02/chain.py": "import helper\nopen('table.csv')\n",
        "ch02/running_mean.py": "",
        "ch02/table.csv": "1,2\n",
        "ch02/my table.csv": "",
        "ch02/data/a.txt": "a",
        "ch02/data/b.bin": b"\0",
        "ch02/part1.dat": "",
        "ch02/part2.dat": "",
        "ch02/lib/inner.py": "",
        "ch02/ch02.ipynb": "",
        "shared.py": "",
    }
    found = around(source, tree)
    assert [name for name, _ in found.files] == taken
    assert not [note for note in found.notes if "inner" not in note]


def test_what_lies_nearer_wins() -> None:
    tree: Tree = {"ch02/helper.py": "near", "helper.py": "far", "table.csv": "far"}
    found = around("import helper\nopen('table.csv')", tree)
    assert dict(found.files) == {"helper.py": b"near", "table.csv": b"far"}
    assert found.places == (PurePosixPath("ch02/helper.py"), PurePosixPath("table.csv"))


@pytest.mark.parametrize(
    ("source", "tree", "words"),
    [
        ("import random", {"random.py": ""}, "random.py has the name of another module"),
        ("import torch", {"torch.py": ""}, "and `import torch` finds that one"),
        ("import json", {"json/__init__.py": ""}, "json has the name of another module"),
        ("import pandas", {"pandas.py": ""}, "pandas.py has the name of another module"),
        ("import autograder", {"autograder/__init__.py": ""}, "autograder has the name"),
        ("import sitecustomize", {"sitecustomize.py": ""}, "sitecustomize.py has the name"),
        ("import kata_tasks", {"kata_tasks.py": ""}, "begins with kata_"),
        ("import fast", {"fast.cpython-311-x86_64-linux-gnu.so": b"\x7fELF"}, "only source is"),
        ("open('a.pth')", {"a.pth": "import os"}, "a.pth is not source or data"),
        ("open('../up.csv')", {"../up.csv": ""}, "up.csv is above count_up.py"),
        (
            "open('big.csv')",
            {"big.csv": b"1" * (extras.FILE_CAP + 1)},
            "big.csv is larger than 1024 KiB",
        ),
        ("import no_such", {}, "no_such.py was not in the submission: it belongs beside ch02/c"),
    ],
)
def test_what_does_not_come_along_is_said(source: str, tree: Tree, words: str) -> None:
    here = {str(PurePosixPath("ch02", name)).replace("ch02/../", ""): d for name, d in tree.items()}
    found = around(source, here, needs=("pandas",))
    assert found.files == ()
    assert words in found.note


def test_what_need_not_be_there_is_not_missed() -> None:
    assert (
        around("try:\n    import no_such\nexcept ImportError:\n    no_such = None\n", {}) is NOTHING
    )


def test_a_name_that_a_browser_changed_is_taken_for_what_is_asked() -> None:
    found = around(
        "import helper\nopen('t.csv')", {"ch02/helper (1).py": "x", "ch02/t (2).csv": ""}
    )
    assert [name for name, _ in found.files] == ["helper.py", "t.csv"]
    assert "ch02/helper (1).py was taken for helper.py." in found.notes


def test_the_caps_hold_and_say_how_many_were_left_out() -> None:
    many: Tree = {f"ch02/data/{n:03}.txt": "x" for n in range(extras.MOST + 20)}
    found = around("Path('data').glob('*')\nopen('data/079.txt')", many)
    assert len(found.files) == extras.MOST
    assert "data/079.txt" in dict(found.files)  # what is named goes before what is only there
    assert "20 more files beside count_up.py are beyond the 60 files and 4 MiB that" in found.note
    large: Tree = {f"ch02/{n}.bin": b"x" * extras.FILE_CAP for n in range(6)}
    found = around("\n".join(f"open('{n}.bin')" for n in range(6)), large)
    assert len(found.files) == 4
    assert extras.sound(found.files) == found.files


def test_the_courses_own_file_stays_what_it_is() -> None:
    own = {"table.csv": b"1\n", "toolkit.py": b""}
    source = "import toolkit\nopen('table.csv')"
    assert around(source, {"ch02/table.csv": "1\n"}, own=own) is NOTHING
    found = around(source, {"ch02/table.csv": "2\n"}, own=own)
    assert found.files == ()
    note = "ch02/table.csv differs from the course's own file, which grading uses."
    assert found.notes == (note,)


def test_files_that_a_notebook_writes_count_as_written_last() -> None:
    cells = ["%%writefile helper.py\nx = 1", "%%writefile -a helper.py\ny = 2\n", "%%time\nf()"]
    files = written(cells)
    assert files == {"helper.py": b"x = 1\ny = 2\n"}
    place = PurePosixPath("ch02/ch02.ipynb")
    over = Overlaid(
        shelf({"ch02/helper.py": "old"}), {place.parent / n: d for n, d in files.items()}
    )
    found = beside(b"import helper", place, over, "count_up")
    assert dict(found.files) == files


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("42")
    folder = tmp_path / "ann"
    folder.mkdir()
    (folder / "table.csv").symlink_to(tmp_path / "secret.txt")
    (folder / "helper.py").write_text("x = 1\n")
    (folder / "data").symlink_to(tmp_path)
    source = b"import helper\nopen('table.csv')\nopen('data/secret.txt')"
    found = beside(source, PurePosixPath("count_up.py"), Disk(folder), "count_up")
    assert [name for name, _ in found.files] == ["helper.py"]
    assert "table.csv is a symbolic link" in found.note


@pytest.mark.parametrize(
    "name",
    [
        "../x.py",
        "/x.py",
        "a/../../x",
        ".",
        "",
        "a//b",
        "./a",
        "a\\b",
        "a:b",
        "x\0",
        "x\n",
        "\udc80",
        "numpy.py",
        "os/path.py",
        "x.so",
        "x.pth",
        "kata_x.py",
        "a/b/c/d/e/f/g",
        "x" * 101,
    ],
)
def test_names_that_are_refused(name: str) -> None:
    assert extras.name_problem(name)
    with pytest.raises(ValueError, match="name"):
        extras.sound([[name, b""]])


def test_the_digest_depends_on_names_and_bytes_and_on_nothing_else() -> None:
    one = (("a.py", b"1"), ("b.csv", b"2"))
    assert extras.digest(()) == ""
    assert extras.digest(one) == extras.digest(one[::-1])
    others = [(("a.py", b"1b.csv"),), (("a.py", b"2"), ("b.csv", b"1")), (("a.py", b"1"),)]
    assert len({extras.digest(files) for files in (one, *others)}) == 4


def test_beside_a_single_file_lies_nothing_that_may_be_an_answer(tmp_path: Path) -> None:
    for name in (
        "count_up.py",
        "helper.py",
        "t.csv",
        "bob_count_up.py",
        "Count-Up(1).py",
        "a.zip",
        "ch02.ipynb",
    ):
        (tmp_path / name).touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "t.csv")
    (tmp_path / "folder").mkdir()
    found = siblings(tmp_path / "count_up.py", ["count_up", "running_mean"])
    assert [name for _, name in found] == ["helper.py", "t.csv"]
