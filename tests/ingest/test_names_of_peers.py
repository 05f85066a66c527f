"""File names that other tools document: whose each is, and which exercise it answers.

The names are those of the manuals and tests of nbgrader, otter-grader, Canvas, Moodle and
Brightspace tools, with a Python ending where theirs was another language's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import outline
from autograder.ingest.submissions import collect
from autograder.outline import Course
from tests.ingest.contents import HTML, PNG, notebook
from tests.ingest.packing import Entry, write_folder, write_zip, zipped

IDS = (
    "problem1",
    "problem2",
    "project2",
    "hw4_email",
    "lab4_turtle",
    "denoise",
    "solution",
    "script",
    "thenameofthefile",
)
CODE = b"def answer():\n    return 1\n"
OTHER = b"def answer():\n    return 2\n"
BOOK1, BOOK2 = (notebook((id, CODE.replace(b"answer", f"answer_{id}".encode()))) for id in IDS[:2])


@dataclass(frozen=True, slots=True)
class Case:
    """A download, and for each student the exercises that are answered in it."""

    id: str
    files: dict[str, bytes]
    answered: dict[str, set[str]]
    names: tuple[tuple[str, str], ...] = ()
    collapses: bool = False
    """Whether it may be taken for one submission when it comes as a zip."""


CASES = [
    Case(  # nbgrader, "Exchanging assignment files manually", unpacked
        "nbgrader-blackboard",
        {
            "ps1_bitdiddle_attempt_2016-01-30-15-30-10_jupyter.png": PNG,
            "ps1_bitdiddle_attempt_2016-01-30-15-30-10_problem1.ipynb": BOOK1,
            "ps1_bitdiddle_attempt_2016-01-30-15-30-10_problem2.ipynb": BOOK2,
            "ps1_hacker_attempt_2016-01-30-20-30-10_problem1.ipynb": BOOK1,
        },
        {"bitdiddle": {"problem1", "problem2"}, "hacker": {"problem1"}},
    ),
    Case(  # the same page: one archive and one file side by side
        "nbgrader-archive-and-file",
        {
            "notebooks.zip": zipped(
                {
                    "ps1_bitdiddle_attempt_2016-01-30-15-30-10_problem1.ipynb": BOOK1,
                    "ps1_bitdiddle_attempt_2016-01-30-15-30-10_problem2.ipynb": BOOK2,
                }
            ),
            "ps1_hacker_attempt_2016-01-30-20-30-10_problem1.ipynb": BOOK1,
        },
        {"bitdiddle": {"problem1", "problem2"}, "hacker": {"problem1"}},
    ),
    Case(  # the help of nbgrader's FileNameCollectorPlugin
        "nbgrader-help",
        {
            "ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb": BOOK1,
            "ps1_ben_attempt_2016-01-29-15-00-00_problem1.ipynb": BOOK1,
        },
        {"bitdiddle": {"problem1"}, "ben": {"problem1"}},
    ),
    Case(
        "canvas",
        {
            "murphyjohnpatrick_12345_67891_thenameofthefile.py": CODE,
            "johnsmith_956227_46792176_project2.py": CODE,
            "janesmith_LATE_956228_46792177_project2.py": CODE,
            "again_956229_46792178_thenameofthefile-2.py": CODE,
        },
        {
            "12345": {"thenameofthefile"},
            "956227": {"project2"},
            "956228": {"project2"},
            "956229": {"thenameofthefile"},
        },
        (("12345", "murphyjohnpatrick"), ("956228", "janesmith")),
    ),
    Case(  # Canvas' ContentZipper: a name without letters, an eighth upload, underscores
        "canvas-odd",
        {
            "_1004_5004_project2.py": CODE,
            "late_1005_5005_project2.py": CODE,
            "late_LATE_1006_5006_project2.py": CODE,
            "khanomar_1007_5007_project2-0f8fad5b-d9cb-469f-a165-70867728950e.py": CODE,
            "o_brien12_1008_5008_project2.py": CODE,
            "roe3_LATE_1009_5009_12_34_project2.py": CODE,
            "group3_1010_5010_Project2-3.PY": CODE,
        },
        {str(n): {"project2"} for n in range(1004, 1011)},
        (("1005", "late"), ("1006", "late")),
    ),
    Case(
        "canvas-anonymous",
        {
            "anon_Kx3Ty_67891_project2.py": CODE,
            "LATE_anon_b9PqZ_67892_project2.py": CODE,
            "anon_Kx3Ty_67893_denoise.py": CODE,
        },
        {"Kx3Ty": {"project2", "denoise"}, "b9PqZ": {"project2"}},
    ),
    Case(
        "canvas-texts-and-links",
        {
            "doejane_1001_text.html": HTML,
            "doejane_1001_5001_project2.py": CODE,
            "roerichard_LATE_1002_link.html": HTML,
            "khanomar_1003_5003_project2-1.py": CODE,
            "khanomar_1003_5002_project2.py": OTHER,
        },
        {"1001": {"project2"}, "1002": set(), "1003": {"project2"}},
    ),
    Case(
        "moodle-folders",
        {
            "Abbie Sloan_1438465_assignsubmission_file_/lab4_turtle.py": CODE,
            "Qidi SUN (ikun SUN)_1446817_assignsubmission_file_/lab/lab4_turtle.py": CODE,
            "BAE,WOOJIN-2018147546_6130510_assignsubmission_file_/"
            "2018147546_project1/task1/denoise.py": CODE,
            "Ana López_1234_assignsubmission_file_/redaccion.pdf": b"%PDF-1.4\n",
        },
        {
            "1438465": {"lab4_turtle"},
            "1446817": {"lab4_turtle"},
            "6130510": {"denoise"},
            "1234": set(),
        },
        (("1446817", "Qidi SUN (ikun SUN)"), ("6130510", "BAE,WOOJIN-2018147546")),
    ),
    Case(
        "moodle-new-and-wrapped",
        {
            "PrakISI1E4-22324-JURNAL 1 SI4701-4232467/"
            "ADILIO ADAHA PUTRA_11194447_assignsubmission_file/lab4_turtle.py": CODE,
            "PrakISI1E4-22324-JURNAL 1 SI4701-4232467/"
            "ADNAN RIZKI_11194448_assignsubmission_file/LAB4_turtle.py": CODE,
        },
        {"11194447": {"lab4_turtle"}, "11194448": {"lab4_turtle"}},
    ),
    Case(
        "moodle-onlinetext",
        {
            "FirstName LastName_12345_assignsubmission_onlinetext_/onlinetext.html": HTML,
            "FirstName LastName_12345_assignsubmission_file_/solution.py": CODE,
            "Other_67890_assignsubmission_onlinetext_/onlinetext.html": HTML,
        },
        {"12345": {"solution"}, "67890": set()},
    ),
    Case(  # Moodle's downloader: those without a group have no id, folders of uploads are kept
        "moodle-teams",
        {
            "Team 7_41_assignsubmission_file/src/solution.py": CODE,
            "Team 8_42_assignsubmission_file/solution.py": CODE,
            "Default group_assignsubmission_file/solution.py": CODE,
        },
        {"41": {"solution"}, "42": {"solution"}, "Default group": {"solution"}},
        (("41", "Team 7"),),
    ),
    Case(
        "moodle-flat",
        {
            "Bernd Beispiel_44441_assignsubmission_file_solution.py": CODE,
            "Clara Clever_55551_assignsubmission_file_solution.py": CODE,
            "Participant_11112_assignsubmission_file_project2.py": CODE,
        },
        {"44441": {"solution"}, "55551": {"solution"}, "11112": {"project2"}},
    ),
    Case(
        "brightspace",
        {
            "Programming Exam 1/39786-640693 - Aiden Rodriguez - Oct 10, 2025 1022 AM/"
            "solution.py": CODE,
            "Programming Exam 1/39787-640694 - Jane Smith - Oct 11, 2025 1130 AM/script.py": CODE,
            "Programming Exam 1/index.html": HTML,
        },
        {"39786": {"solution"}, "39787": {"script"}},
        (("39786", "Aiden Rodriguez"), ("39787", "Jane Smith")),
    ),
    Case(
        "brightspace-other-ids",
        {
            "101 - Ada Example - Oct 1, 2026 900 AM/solution.py": CODE,
            "102 - Bo Example - Oct 1, 2026 900 AM/screenshot.png": PNG,
        },
        {"101": {"solution"}, "102": set()},
        (("101", "Ada Example"),),
        collapses=True,
    ),
    Case(
        "brightspace-names-with-dashes",
        {
            "11-2 - Anne - Marie Roe - Oct 1, 2026 1201 AM - solution.py": CODE,
            "11-2 - Anne - Marie Roe - Oct 1, 2026 1159 AM - solution.py": CODE,
            "12-2 - Bo Example - Oct 1, 2026 900 PM - solution.py": CODE,
            "index.html": HTML,
        },
        {"11": {"solution"}, "12": {"solution"}},
        (("11", "Anne - Marie Roe"),),
    ),
    Case(
        "gradescope-group",
        {
            "submission_metadata.yml": b"submission_4401:\n  :submitters:\n"
            b"  - :name: Solo Student\n    :sid: '100'\n    :email: solo@example.edu\n"
            b"submission_4402:\n  :submitters:\n  - :name: Pair One\n    :sid: '200'\n"
            b"    :email: one@example.edu\n  - :name: Pair Two\n    :sid: '201'\n"
            b"    :email: two@example.edu\nsubmission_4403:\n  :submitters:\n"
            b"  - :name: No Recorder\n    :sid: '300'\n",
            "submission_4401/solution.py": CODE,
            "submission_4402/project2.py": CODE,
            "submission_4403/answers.txt": b"no code\n",
        },
        {"100": {"solution"}, "200": {"project2"}, "201": {"project2"}, "300": set()},
        (("201", "Pair Two"),),
    ),
    Case(
        "gradescope-mail-only",
        {
            "assignment_7_export/submission_metadata.yml": b"---\nsubmission_1:\n  :submitters:\n"
            b"  - :name: Jane Doe\n    :sid: \n    :email: jane@example.edu\n"
            b"submission_2:\n  :submitters:\n  - :name: 'Omar: Khan'\n    :sid: '0012'\n"
            b"    :email: omar@example.edu\n  :score: 3.0\n",
            "assignment_7_export/submission_1/solution.py": CODE,
            "assignment_7_export/submission_2/solution.py": CODE,
        },
        {"jane@example.edu": {"solution"}, "0012": {"solution"}},
        (("0012", "Omar: Khan"),),
    ),
    Case(  # the folder that GitHub Classroom's command line clones into
        "classroom",
        {
            "intro-submissions/intro-octocat/solution.py": CODE,
            "intro-submissions/intro-hub-bot/solution.py": CODE,
            "intro-submissions/intro-octocat/.git/HEAD": b"ref: refs/heads/main\n",
            "intro-submissions/intro-hub-bot/.git/HEAD": b"ref: refs/heads/main\n",
        },
        {"octocat": {"solution"}, "hub-bot": {"solution"}},
    ),
    Case(
        "folders-and-ilias",
        {
            "berenblumra/hw4_email.py": CODE,
            "student1/submission.zip": zipped({"hw/hw4_email.py": CODE}),
            "student6/some_file.txt": b"no code\n",
        },
        {"berenblumra": {"hw4_email"}, "student1": {"hw4_email"}, "student6": set()},
    ),
]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose exercises have the names that are used in those manuals."""
    root = tmp_path_factory.mktemp("course")
    lines = ['[course]\ntitle = "Theirs"\n\n[[chapter]]\nid = "ps1"\ntitle = "One"\n']
    (root / "exercises" / "ps1").mkdir(parents=True)
    for number, id in enumerate(IDS):
        lines.append(
            f'\n[[chapter.exercise]]\nid = "{id}"\ntitle = "{id}"\nsection = "1.{number}"\n'
            'points = 1\nminutes = 1\nhints = ["One."]\n'
        )
        stub = (
            f'def answer_{id}():\n    raise NotImplementedError("{id}: write your solution here")\n'
        )
        (root / "exercises" / "ps1" / f"{id}.py").write_text(stub)
    (root / "outline.toml").write_text("".join(lines))
    return outline.load(root)


@pytest.mark.parametrize(
    ("case", "zip"),
    [pytest.param(c, n % 2 == 1, id=c.id) for n, c in enumerate(CASES)]
    + [pytest.param(c, True, id=f"{c.id}-zip") for c in CASES if c.collapses],
)
def test_whose_file_it_is(case: Case, zip: bool, tmp_path: Path, course: Course) -> None:
    entries = [Entry(name, data, "") for name, data in case.files.items()]
    path = write_zip(entries, tmp_path / "submissions.zip") if zip else tmp_path / "all"
    if not zip:
        write_folder(entries, path)
    found = {s.student: s for s in collect(path, course, course.exercises)}
    answered = {
        student: {id for id, answer in mine.answers.items() if answer.source is not None}
        for student, mine in found.items()
    }
    assert answered == case.answered
    sources = [a.source for s in found.values() for a in s.answers.values() if a.source]
    assert all(source.rstrip().endswith(b"return 1") for source in sources)
    for student, name in case.names:
        assert found[student].name == name
