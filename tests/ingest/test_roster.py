"""Rosters of learning platforms, and what they add to a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.ingest import roster
from autograder.ingest.enrolling import enrol
from autograder.ingest.roster import Person, RosterError
from autograder.ingest.submissions import Submission

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW 2 (881)
,,,,,Manual Posting
    Points Possible,,,,,10
"Doe, Jane",0012,S-1,jdoe,Mon,
"Łukasz, Óscar",13,S-2,oluk,Tue,
"Student, Test",99,,t,Mon,
"""
ROSTERS = {
    "Canvas": CANVAS,
    "Moodle": "Identifier,Full name,Email address,Status\n"
    "Participant 0012,Jane Doe,jdoe@x.edu,\nParticipant 13,Óscar Łukasz,oluk@x.edu,\n",
    "Blackboard": "Last Name\tFirst Name\tUsername\tStudent ID\n"
    '"Doe"\t"Jane"\tjdoe\t0012\nŁukasz\tÓscar\toluk\t13\n',
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
    "#0012,#jdoe,Doe,Jane,jdoe@x.edu,#\n#13,#oluk,Łukasz,Óscar,oluk@x.edu,#\n",
    "Gradescope": "First Name,Last Name,SID,Email,Sections\n"
    "Jane,Doe,0012,jdoe@x.edu,Mon\nÓscar,Łukasz,13,oluk@x.edu,Tue\n",
    "Classroom": "username,first_name,last_name,email,section,github_id\n"
    "0012,Jane,Doe,jdoe@x.edu,Mon,1\n13,Óscar,Łukasz,oluk@x.edu,Tue,2\n",
    "CSV": "id;name;section\n0012;Jane Doe;Mon\n13;Óscar Łukasz;Tue\n",
}


def load(folder: Path, data: str | bytes) -> roster.Roster:
    path = folder / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return roster.load(path)


@pytest.mark.parametrize("source", ROSTERS)
def test_every_source(tmp_path: Path, source: str) -> None:
    found = load(tmp_path, ROSTERS[source])
    assert found.title == source and len(found.people) == 2
    jane = found.by_id("0012")
    assert jane is not None and found.by_name("Jane Doe") == [jane]
    assert found.by_name("doejane") == [jane]  # as Canvas writes it in file names
    assert found.by_name("Óscar Łukasz") == [found.by_id("13")]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-8"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    assert load(tmp_path, CANVAS.encode(codec)).by_name("Óscar Łukasz")


def test_cp1252_and_a_plain_list(tmp_path: Path) -> None:
    text = "Full name;Username\r\nZoë Müller;zm\r\n".encode("cp1252")
    assert load(tmp_path, text).by_name("Zoë Müller")[0].ids == ("zm",)
    assert [p.id for p in load(tmp_path, "ann\n\nbob\n").people] == ["ann", "bob"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "line 1: no heading says which column"),
        (b"id,name\n", "no students below"),
        (b"id,name\n1,ann\n,,x\n", "line 3: this row has no id"),
        (b"PK\3\4", "export the roster as CSV"),
        (b"\xff\xfea", "save it as UTF-8"),
        (b"id\0name\n" + b"x" * 400, "is not CSV"),
        (b"\x00\x01\x02" * 50, "is not CSV"),
        (b"<html><table>", "is a web page"),
        (b'id,name\n"ann,Ann\nbob,Bob\n', "is not CSV"),
        (b"id,name\nann,Ann\nann,Ann Other\n", "line 3: the id ann is that of line 2"),
    ],
)
def test_bad_rosters_say_where(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(RosterError, match=words) as raised:
        load(tmp_path, data)
    assert "roster.csv" in str(raised.value)


def test_two_sections_are_one_student(tmp_path: Path) -> None:
    (one,) = load(tmp_path, "id,name,section\n1,Ann,Mon\n1,Ann,Tue\n").people
    assert one == Person(("1",), "Ann", "", "Mon, Tue")


def test_the_missing_have_the_kind_of_id_that_the_download_uses(tmp_path: Path) -> None:
    text = "Identifier,Full name,ID number\nParticipant 12,Ann Lee,S1\nParticipant 13,Bob Day,S2\n"
    made = enrol(load(tmp_path, text), [Submission("12", name="Ann Lee")], [])
    assert [s.student for s in made.missing] == ["13"]  # as he will be called when he is late
    made = enrol(load(tmp_path, text), [Submission("S1", name="Ann Lee")], [])
    assert [s.student for s in made.missing] == ["S2"]


def test_a_class_and_its_roster(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        "id,username,name,email,section\n"
        "1,ann,Ann Lee,ann@x.edu,Mon\n2,bob,Bob Day,,\n3,li1,Li Mei,,\n4,li2,Li Mei,,\n"
        "5,j-doe,Jane Doe,,Tue\n",
    )
    here = [
        Submission("1", name="leeann"),
        Submission("77", name="Li Mei"),
        Submission("doe", name="doe", alias="hw-j-doe"),
        Submission("zed", name="zed"),
    ]
    made = enrol(found, here, [])
    assert (here[0].name, here[0].email, here[0].section) == ("Ann Lee", "ann@x.edu", "Mon")
    assert here[2].student == "j-doe" and here[2].name == "Jane Doe"
    assert [s.student for s in made.missing] == ["2"] and made.missing[0].missing
    assert [s.student for s in made.strangers] == ["zed"]
    assert [(s.student, len(people)) for s, people in made.unsure] == [("77", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Vollständiger Name,ID-Nummer,E-Mail-Adresse,Gruppe\nÄnn Lee,ann,a@x.edu,G\n",
        "Prénom,Nom,Numéro d'identification,Adresse de courriel\nÄnn,Lee,ann,a@x.edu\n",
        "Identifikator;Vollständiger Name;Anmeldename;E-Mail-Adresse\nT 1;Änn Lee;ann;a@x.edu\n",
        "id|name|email\nann|Änn Lee|a@x.edu\n",
        "ID,Nombre,Apellidos,Dirección de correo\nann,Änn,Lee,a@x.edu\n",
    ],
)
def test_other_languages_and_separators(tmp_path: Path, text: str) -> None:
    (person,) = load(tmp_path, text).people
    assert (person.ids, person.name, person.email) == (("ann",), "Änn Lee", "a@x.edu")


def test_participants_in_any_language(tmp_path: Path) -> None:
    found = load(tmp_path, "ID,Name\nTeilnehmer/in 12345,Ann\nu123,Bo\n").people
    assert [p.id for p in found] == ["12345", "u123"]
