"""The class of thirty: the same marks in every layout, and every file accounted for."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.ingest.submissions import Answer, Submission, collect
from autograder.model import Verdict
from autograder.outline import Course
from autograder.stubs import is_untouched
from tests.ingest import rosters
from tests.ingest.classes import PACKINGS, STRAYS, make
from tests.ingest.contents import DOUBLE, DOUBLE_STUB, STACK_STUB
from tests.ingest.layouts import ALL_ATTEMPTS, LAYOUTS, laid
from tests.ingest.packing import DOWNLOAD, LITTER, NOBODY, write_zip
from tests.ingest.people import MARKS, MISSING, NO_SHOW, NOT_ON_ROSTER, PEOPLE, REFUSED, Person
from tests.ingest.running import Run, grade

STUBS = {"double": DOUBLE_STUB.decode(), "stack": STACK_STUB.decode()}


VARIANTS = {"moodle-old", "moodle-flat", "moodle-blind", "moodle-team", "brightspace-flat"}
"""Layouts that are another one's but for a detail: a third of the class will do."""

ALL = bool(os.environ.get("KATA_ALL_CLASSES"))
"""Whether each layout is tried in each packing, which takes minutes."""


def combinations() -> Iterator[tuple[str, str]]:
    """Each layout in one packing, one after the other."""
    packings = list(PACKINGS)
    for number, layout in enumerate(LAYOUTS):
        chosen = packings if ALL else [packings[number % len(packings)]]
        yield from ((layout, packing) for packing in chosen)


def came_to(answer: Answer, exercise: str) -> bytes | str:
    """What an answer is, in the words of the truth: a text, ``refused`` or ``missing``."""
    if answer.verdict is Verdict.REJECTED:
        return REFUSED
    source = answer.source
    if not source or not source.strip() or is_untouched(source.decode(), STUBS[exercise]):
        return MISSING
    return source.rstrip() + b"\n"


def differences(found: dict[str, Submission], keys: dict[str, str]) -> list[str]:
    """Where the submissions are not what the truth says."""
    wrong = []
    for person in PEOPLE:
        if person.key not in keys:
            continue
        mine = found[keys[person.key]]
        for exercise in STUBS:
            answer, wanted = mine.answers[exercise], person.expected(exercise)
            got = came_to(answer, exercise)
            if got != wanted:
                wrong.append(f"{person.key} {exercise}: {got!r}, not {wanted!r} ({answer.message})")
            if wanted == REFUSED and person.says not in answer.message:
                wrong.append(f"{person.key} {exercise}: no {person.says} in {answer.message!r}")
    return wrong


@pytest.mark.parametrize(("layout", "packing"), list(combinations()))
def test_the_same_texts_everywhere(layout: str, packing: str, tmp_path: Path, toy: Course) -> None:
    people = (
        PEOPLE[list(LAYOUTS).index(layout) % 3 :: 3] if layout in VARIANTS and not ALL else PEOPLE
    )
    path, made = make(layout, packing, tmp_path, people=people)
    wanted = tuple(e for e in toy.exercises if e.id in STUBS)
    found = {s.student: s for s in collect(path, toy, wanted)}
    assert sorted(found) == sorted(made.keys.values())
    assert differences(found, made.keys) == []
    for key, name in made.names.items():
        assert found[made.keys[key]].name == unicodedata.normalize("NFC", name)
    if layout == "canvas":
        late = {p.key for p in PEOPLE if found[made.keys[p.key]].late}
        assert late == {p.key for p in PEOPLE if p.attempts[-1].late}


# -- graded for real ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, walls: None, db: Path) -> Run:
    """The Canvas class with litter and strays, as a zip, graded with its roster."""
    folder = tmp_path_factory.mktemp("canvas")
    path, _ = make("canvas", "zip-of-a-mac", folder, strays=True)
    roster = folder / "roster.csv"
    roster.write_bytes(rosters.roster("canvas"))
    return grade(path, folder / "out", "--only", "double,stack", "--roster", roster, db=db)


def test_marks(graded: Run) -> None:
    keys = laid("canvas").keys
    for person in PEOPLE:
        for exercise in STUBS:
            wanted = person.expected(exercise)
            result = graded.results[keys[person.key], exercise]
            assert result["points"] == (0 if isinstance(wanted, str) else MARKS[wanted]), person
            if wanted == REFUSED:
                assert result["verdict"] == "rejected" and person.says in str(result["message"])
            elif wanted == MISSING:
                assert result["verdict"] == "not attempted"


def test_every_file_has_one_row(graded: Run) -> None:
    made = laid("canvas")
    top = "HW2 export/"
    for entry in [*made.entries, *STRAYS]:
        row = graded.row(top + entry.path)
        owner = made.keys.get(entry.owner, "")
        assert row["student"] == owner, entry.path
        assert row["state"] in ("graded", "refused", "not taken"), row
        assert row["state"] == "graded" or row["reason"], row
    paths = [row["path"] for row in graded.files]
    assert len(paths) == len(set(paths))


def test_the_screen_names_what_is_nobodys(graded: Run) -> None:
    assert graded.code == 3
    for entry in STRAYS:
        assert entry.path in graded.said
    assert ".DS_Store" not in graded.said and "._" not in graded.said
    assert "Canvas download: 30 students, 2 of them with several attempts" in graded.said


def test_the_roster_says_who_is_who(graded: Run) -> None:
    keys = laid("canvas").keys
    for person in PEOPLE:
        if person.key != NOT_ON_ROSTER:
            shown = set(person.name.replace(",", " ").split())
            assert shown <= set(graded.names[keys[person.key]].replace(",", " ").split()), (
                person.key
            )
    assert NO_SHOW.last in graded.said
    assert keys[NOT_ON_ROSTER] in graded.said


# -- attempts, rosters, strays -----------------------------------------------------------------


def twice(people: tuple[Person, ...] = PEOPLE) -> list[Person]:
    """Those with several attempts, and one other."""
    return [p for p in people if len(p.attempts) > 1 or p.key == "p01"]


@pytest.mark.parametrize("layout", sorted(ALL_ATTEMPTS) if ALL else ["blackboard", "canvas"])
def test_the_first_attempt(layout: str, tmp_path: Path, db: Path, walls: None) -> None:
    made = laid(layout, twice())
    path = write_zip(made.entries, tmp_path / "all.zip")
    for option, double in (("latest", "double"), ("first", "first_double")):
        done = grade(path, tmp_path / option, "--only", "double", "--attempt", option, db=db)
        wanted = {
            made.keys[p.key]: MARKS[getattr(p, double) or p.double]  # type: ignore[index]
            for p in twice()
        }
        assert done.points() == wanted, option


LISTS = [
    ("moodle", "moodle"),
    ("blackboard", "blackboard"),
    ("brightspace", "brightspace"),
    ("gradescope", "gradescope"),
    ("classroom", "classroom"),
    ("nbgrader", "plain"),
    ("loose", "plain"),
]


@pytest.mark.parametrize(("layout", "roster"), LISTS)
def test_rosters(layout: str, roster: str, tmp_path: Path, db: Path, walls: None) -> None:
    few = [p for p in PEOPLE if p.double == DOUBLE and len(p.attempts) == 1][:5]
    made = laid(layout, few)
    path, listed = tmp_path / "all.zip", tmp_path / "roster.csv"
    write_zip(made.entries, path)
    listed.write_bytes(rosters.roster(roster))
    done = grade(path, tmp_path / "out", "--only", "double", "--roster", listed, db=db)
    assert set(done.points()) >= set(made.keys.values())
    for person in few:
        if person.key != NOT_ON_ROSTER:
            shown = set(person.name.replace(",", " ").split())
            assert shown <= set(done.names[made.keys[person.key]].replace(",", " ").split())
    assert NO_SHOW.last in done.said


@pytest.mark.parametrize("layout", ["brightspace", "folders"])
def test_strays_and_litter(layout: str, tmp_path: Path, db: Path, walls: None) -> None:
    few = [p for p in PEOPLE if p.double == DOUBLE and len(p.attempts) == 1][:3]
    made = laid(layout, few)
    clean = write_zip(made.entries, tmp_path / "clean.zip")
    assert grade(clean, tmp_path / "a", "--only", "double", db=db).code == 0
    path = write_zip([*made.entries, *STRAYS], tmp_path / "strays.zip")
    done = grade(path, tmp_path / "b", "--only", "double", db=db)
    assert done.code == 3 and set(done.points().values()) == {4.0} and len(done.points()) == 3
    for stray in STRAYS:
        assert done.row(stray.path)["student"] == "" and stray.path in done.said


def test_the_generator_is_deterministic(tmp_path: Path) -> None:
    for name in LAYOUTS:
        one, two = laid(name), laid(name)
        known = 29 if name == "loose" else 30
        assert one == two and len(set(one.keys.values())) == known and len(PEOPLE) == 30
        owners = {e.owner for e in one.entries}
        assert owners - {DOWNLOAD, LITTER, NOBODY} == set(one.keys)
        assert len({e.path for e in one.entries}) == len(one.entries)
    for number, packing in enumerate(("zip", "tar")):
        made = []
        for turn in "ab":
            folder = tmp_path / f"{number}{turn}"
            folder.mkdir()
            made.append(make("moodle", packing, folder)[0].read_bytes())
        assert made[0] == made[1]
