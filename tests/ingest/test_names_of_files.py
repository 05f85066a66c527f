"""What a file's name stands for, whatever browsers, platforms and people did to it."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

from autograder import outline
from autograder.ingest.contents.naming import EXACT, SPELLED, WITHIN, Names, names_of
from autograder.model import Verdict
from autograder.outline import Course
from tests.ingest import one

NAMES = ("count_up", "count_up2", "deep_copy", "bench", "größe", "retry", "timed")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    root = tmp_path_factory.mktemp("course")
    text = '[[chapter]]\nid = "ch02_iterators"\n' + "".join(
        f'[[chapter.exercise]]\nid = "{id}"\ntitle = "T"\npoints = 1\nminutes = 1\n' for id in NAMES
    )
    (root / "outline.toml").write_text(text, encoding="utf-8")
    return names_of(outline.load(root))


@pytest.mark.parametrize(
    "name",
    [
        "count_up-1.py",
        "count_up (1).py",
        "count_up(1).py",
        "count_up_(12).py",
        "count_up[1].py",
        "count_up 3.py",
        "count_up3.py",
        "count_up-1-1.py",
        "count_up (1) (1).py",
        "count_up copy.py",
        "count_up - Copy.py",
        "count_up - Copy (2).py",
        "Copy of count_up.py",
        "count_up_copy.py",
        "Kopie von count_up.py",
        "count_up – Kopie (2).py",
        "count_up - copie.py",
        "Copie de count_up.py",
        "count_up - copia.py",
        "Copia di count_up.py",
        "Cópia de count_up.py",
        "count_up - kopia.py",
        "count_up - Kopya.py",
        "count_up — копия.py",
        "count_up - 副本.py",
        "count_up 的副本.py",
        "count_up - コピー.py",
        "count_upのコピー.py",
        "count_up - 복사본.py",
        "count_up.PY",
        "COUNT_UP.py",
        "Count-Up.py",
        "CountUp.py",
        "count up.py",
        "count_up.py.txt",
        "count_up.txt",
        "count_up",
        "count_up.py.py",
        "count_up .py",
        "count_up.py ",
        "count_up.pyw",
        "ｃｏｕｎｔ_ｕｐ.py",
        "\u202acount_up.py",
        "count_up (copy).py",
        "Duplicate of count_up.py",
    ],
)
def test_another_spelling(names: Names, name: str) -> None:
    claim = names.exercise(name)
    assert (claim.id, claim.how) == ("count_up", SPELLED)


@pytest.mark.parametrize(
    "name",
    [
        "ann_count_up.py",
        "count_up - Ann Lee.py",
        "count_up_final.py",
        "12345_count_up.py",
        "hw2-CountUp-v3.py",
        "Lee count_up - Copy.py",
        "count_up_checkpoint (1).py",
        "annCountUp.py",
    ],
)
def test_one_part_of_a_longer_name(names: Names, name: str) -> None:
    claim = names.exercise(name)
    assert (claim.id, claim.how) == ("count_up", WITHIN)


@pytest.mark.parametrize(
    "name",
    [
        "test_count_up.py",
        "count_up_test.py",
        "conftest.py",
        "recount_up.py",
        "count_upper.py",
        "count_up.zip",
        "count_up.docx",
        "count_up.pdf",
        "count_up notes.txt",
        "retry_timed.py",
        "main.py",
        "x" * 255,
    ],
)
def test_nobody(names: Names, name: str) -> None:
    assert not names.exercise(name).id


def test_another_exercise_comes_first(names: Names) -> None:
    expected = {
        "count_up2.py": ("count_up2", EXACT),
        "count_up2 (1).py": ("count_up2", SPELLED),
        "count_up-2.py": ("count_up2", SPELLED),
        "deep_copy.py": ("deep_copy", EXACT),
        "deep_copy copy.py": ("deep_copy", SPELLED),
        "deep-copy (2).py": ("deep_copy", SPELLED),
        "bench_count_up.py": ("count_up", WITHIN),
    }
    found = {name: names.exercise(name) for name in expected}
    assert {name: (c.id, c.how) for name, c in found.items()} == expected


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_accents_in_any_encoding(names: Names, form: str) -> None:
    name = unicodedata.normalize(form, "größe.py")  # type: ignore[arg-type]
    assert names.exercise(name).id == "größe" and names.exercise(name).how == EXACT


def test_chapters(names: Names) -> None:
    for name in ("ch02_iterators.ipynb", "Ch02-Iterators (1).ipynb", "ch02_iterators-Copy1.ipynb"):
        assert names.chapter(name) == "ch02_iterators"
    assert not names.chapter("ann_ch02_iterators_final.ipynb")
    assert names.chapter("ann_ch02_iterators_final.ipynb", within=True) == "ch02_iterators"


@pytest.mark.parametrize("part", ["-", "(", "1", "copy ", " _", ".py", "a_", "(1)", "kopie von "])
def test_no_name_takes_long(names: Names, part: str) -> None:
    name = f"{part * (250 // len(part))}count_up{part * 3}.py"
    began = time.process_time()
    names.exercise(name), names.chapter(name)
    assert time.process_time() - began < 0.5


# -- among others -----------------------------------------------------------------------------


def test_the_exact_name_beats_another_and_says_so(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"double.py": one.GOOD, "double (1).py": one.OTHER, "double-2.py": one.GOOD})
    taken = one.take(tmp_path, toy)
    found = taken.answers["double"]
    assert found.source == one.GOOD
    assert found.note == "Not graded, because double.py was: double (1).py."
    rows = one.rows(taken)
    assert rows["double (1).py"] == ("double", "not taken", "double.py was graded instead")
    assert rows["double-2.py"] == ("double", "not taken", "the same as double.py")


def test_several_that_differ_are_listed(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"double (1).py": one.GOOD, "double (2).py": one.OTHER})
    taken = one.take(tmp_path, toy)
    found = taken.answers["double"]
    assert found.verdict is Verdict.REJECTED
    assert "double (1).py, double (2).py. Keep one." in found.message
    assert {row[1] for row in one.rows(taken).values()} == {"refused"}


def test_equal_ones_are_one(tmp_path: Path, toy: Course) -> None:
    windows = one.GOOD.replace(b"\n", b"\r\n")
    one.lay(tmp_path, {"a/double.py": one.GOOD, "b/double.py": windows + b"\r\n"})
    assert one.answer(tmp_path, toy).source == one.GOOD


def test_what_was_there_instead_is_listed(tmp_path: Path, toy: Course) -> None:
    files = {"report.pdf": b"%PDF", "main.py": b"x = 1\n", "stack.py": b"class Stack: pass\n"}
    one.lay(tmp_path, files)
    found = one.answer(tmp_path, toy)
    assert found.verdict is Verdict.NOT_ATTEMPTED
    assert found.message == "No file double.py was found. In the submission: main.py, report.pdf."


def test_what_was_not_asked_for_is_named(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"double.py": one.GOOD, "stack.py": b"class Stack: pass\n"})
    taken = one.take(tmp_path, toy, ("double",))
    assert one.rows(taken)["stack.py"][1:] == (
        "not taken",
        "answers stack, which was not asked for",
    )
