"""The class of thirty: who they are, what each handed in, and what it is worth.

This is the truth that every layout is measured by. It knows nothing of how files are read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.ingest.contents import (
    DOUBLE,
    DOUBLE_AGAIN,
    DOUBLE_CP1252,
    DOUBLE_PARTLY,
    DOUBLE_STUB,
    DOUBLE_UTF16,
    DOUBLE_WRONG,
    HTML,
    PNG,
    RAR,
    SEVEN_ZIP,
    STACK,
    STACK_STUB,
    STACK_WRONG,
    STUB_NOTEBOOK,
    notebook,
)
from tests.ingest.packing import tarred, zipped

FULL, PARTLY, ZERO, REFUSED, MISSING = "full", "partly", "zero", "refused", "missing"
"""What an exercise comes to; ``missing`` is the untouched stub or nothing at all."""

MARKS = {
    DOUBLE: 4.0,
    DOUBLE_AGAIN: 4.0,
    DOUBLE_PARTLY: 1.0,
    DOUBLE_WRONG: 0.0,
    STACK: 4.5,
    STACK_WRONG: 0.0,
}
"""Points of each text in the toy course; a quarter of ``stack`` waits for a GPU."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as its student uploaded it; ``inside`` are the files of an archive."""

    name: str
    data: bytes
    inside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was handed in at one time; ``online`` is a text typed into the LMS."""

    uploads: tuple[Upload, ...] = ()
    late: bool = False
    online: bytes = b""


@dataclass(frozen=True, slots=True)
class Person:
    """One student, and what each exercise is expected to come to: a text, or why there is none."""

    key: str
    first: str
    last: str
    attempts: tuple[Attempt, ...]
    double: bytes | str = MISSING
    stack: bytes | str = MISSING
    first_double: bytes | str = ""
    """What ``double`` comes to where the first attempt counts."""
    says: str = ""
    """Something that a refusal has to mention."""
    username: str = ""

    @property
    def name(self) -> str:
        """The full name, as it should be shown."""
        return unicodedata.normalize("NFC", f"{self.first} {self.last}".strip())

    @property
    def number(self) -> int:
        """A number of this student's own, for ids."""
        return int(self.key[1:])

    @property
    def login(self) -> str:
        """The name to log in with."""
        return self.username or f"user{self.number:02}"

    @property
    def sis(self) -> str:
        """The university's id; it begins with zeros."""
        return f"00{41700 + self.number}"

    @property
    def mail(self) -> str:
        """The mail address."""
        return f"{self.login}@example.edu"

    def expected(self, exercise: str) -> bytes | str:
        """The text that is graded for an exercise, or ``refused`` or ``missing``."""
        return self.double if exercise == "double" else self.stack


def _files(**named: bytes) -> tuple[Upload, ...]:
    return tuple(Upload(f"{name}.py", data) for name, data in named.items())


def _zip(name: str, members: Mapping[str, bytes]) -> Upload:
    return Upload(name, zipped(members), members)


def _one(*uploads: Upload, late: bool = False, online: bytes = b"") -> tuple[Attempt, ...]:
    return (Attempt(uploads, late, online),)


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


_KATA = {  # a whole workspace: the answer, and Kata's own files, among them the stubs
    "exercises/basics/double.py": DOUBLE,
    "exercises/basics/stack.py": STACK_STUB,
    ".kata/pristine/exercises/basics/double.py": DOUBLE_STUB,
    ".kata/pristine/exercises/basics/stack.py": STACK_STUB,
    ".kata/kept/double-20261001-080000.py": DOUBLE_WRONG,
    ".kata/workspace.json": b"{}\n",
}
_VENV = {
    "double.py": DOUBLE,
    "env/pyvenv.cfg": b"home = /usr/bin\n",
    "env/lib/python3.12/site-packages/double.py": DOUBLE_WRONG,
    "env/lib/python3.12/site-packages/stack.py": STACK_WRONG,
}
_SUBMITTED = {"basics/double.py": DOUBLE, "basics/stack.py": STACK}
_BOOK = notebook(("double", DOUBLE), ("stack", STACK))
BOTH = _files(double=DOUBLE, stack=STACK)
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3

PEOPLE: tuple[Person, ...] = (
    Person("p01", _nfd("Ana"), _nfd("García"), _one(*BOTH), DOUBLE, STACK),
    Person("p02", "Zoë", "O'Brien", _one(*_files(double=DOUBLE_AGAIN)), DOUBLE_AGAIN),
    Person("p03", "小明", "王", _one(Upload("double (1).py", DOUBLE)), DOUBLE),
    Person("p04", _nfd("민준"), _nfd("김"), _one(_zip("work.zip", _SUBMITTED)), DOUBLE, STACK),
    Person(
        "p05", "たろう", "やまだ\u3000", _one(*BOTH, Upload("notes.txt", b"hello\n")), DOUBLE, STACK
    ),
    Person("p06", "علی\u200cرضا", "نوری", _one(_zip("hw.zip", {"hw/a/double.py": DOUBLE})), DOUBLE),
    Person("p07", "דוד", "כהן", _one(Upload("Double.py", DOUBLE)), DOUBLE),
    Person("p08", "Дмитрий", "Иванов", _one(Upload("double_final.py", DOUBLE)), DOUBLE),
    Person("p09", "Ελένη", "Παπαδοπούλου", _one(Upload("double.py.txt", DOUBLE)), DOUBLE),
    Person("p10", "क्\u200dषमा", "शर्मा", _one(Upload("basics.ipynb", _BOOK)), DOUBLE, STACK),
    Person(
        "p11",
        "สมชาย",
        "ใจดี",
        _one(Upload("work.tar.gz", tarred(_SUBMITTED), _SUBMITTED)),
        DOUBLE,
        STACK,
    ),
    Person("p12", "Ann", "Lee, Jr.", _one(Upload("double - Copy.py", DOUBLE)), DOUBLE),
    Person(
        "p13",
        "Omar [Omi]",
        "Khan (he)",
        _one(*BOTH, Upload("README.md", b"# Mine\n"), Upload("plot.png", PNG)),
        DOUBLE,
        STACK,
    ),
    Person("p14", "Hubert", LONG, _one(*_files(double=DOUBLE_PARTLY)), DOUBLE_PARTLY),
    Person("p15", "", "Late", _one(*_files(double=DOUBLE_WRONG)), DOUBLE_WRONG),
    Person("p16", "", "Double", _one(*_files(stack=STACK)), stack=STACK),
    Person("p17", "", "Basics", _one(*BOTH), DOUBLE, STACK),
    Person("p18", "Mei", "Chen", _one(*_files(double=DOUBLE)), DOUBLE, username="a_smith"),
    Person(
        "p19",
        "Mei",
        "Chen",
        _one(*_files(double=DOUBLE_WRONG, stack=STACK)),
        DOUBLE_WRONG,
        STACK,
        username="b_smith",
    ),
    Person(
        "p20",
        "Ngọc Ánh",
        "Nguyễn",
        (Attempt(_files(double=DOUBLE_WRONG)), Attempt(_files(double=DOUBLE), late=True)),
        DOUBLE,
        first_double=DOUBLE_WRONG,
    ),
    Person(
        "p21",
        "Jane",
        "Doe",
        (
            Attempt((_zip("homework.zip", {"basics/double.py": DOUBLE}),)),
            Attempt((_zip("homework.zip", {"basics/double.py": DOUBLE_PARTLY}),)),
            Attempt((_zip("homework.zip", {"basics/double.py": DOUBLE_WRONG}),)),
        ),
        DOUBLE_WRONG,
        first_double=DOUBLE,
        username="jane-doe",
    ),
    Person(
        "p22",
        "Richard",
        "Roe",
        _one(*_files(double=DOUBLE_STUB, stack=STACK), late=True),
        stack=STACK,
    ),
    Person("p23", "Nora", "Null", _one(*_files(double=b"")), REFUSED, says="empty"),
    Person(
        "p24",
        "Per",
        "Ström",
        _one(*_files(double=DOUBLE_UTF16, stack=STACK)),
        REFUSED,
        STACK,
        says="UTF-16",
    ),
    Person(
        "p25",
        "Łukasz",
        "Żak",
        _one(*_files(double=DOUBLE_CP1252), Upload("basics.ipynb", STUB_NOTEBOOK)),
        REFUSED,
        says="UTF-8",
    ),
    Person("p26", "Ivo", "Novák", _one(Upload("work.7z", SEVEN_ZIP)), REFUSED, REFUSED, says=".7z"),
    Person("p27", "Eva", "Horváth", _one(Upload("work.rar", RAR)), REFUSED, REFUSED, says=".rar"),
    Person("p28", "Tim", "van der Env", _one(_zip("all.zip", _VENV)), DOUBLE),
    Person("p29", "Kata", "Lin", _one(_zip("kata.zip", _KATA)), DOUBLE, username="kata.lin"),
    Person("p30", "Tex", "Only", _one(online=HTML)),
)

NO_SHOW = Person("p31", "Nemo", "Noshow", ())
"""On the roster, and in no download."""

NOT_ON_ROSTER = "p08"
