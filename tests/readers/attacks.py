"""Submissions of the toy course that once stopped a run, and others of their kinds.

Each builder lays one student's submission into a class folder. ``VERDICTS`` says what has to
become of its answer to ``double``; everybody else's marks are theirs.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOOD = "def double(x):\n    return 2 * x\n"
CODECS = (
    "rot13",
    "rot_13",
    "undefined",
    "hex",
    "zlib",
    "bz2",
    "base64",
    "uu",
    "quopri",
    "mbcs",
    "oem",
    "idna-not",
    "martian",
    "aliases",
    "utf-16",
    "utf-32",
    "x" * 300,
)

Builder = Callable[[Path], None]
ATTACKS: dict[str, Builder] = {}
VERDICTS: dict[str, str] = {}


def attack(verdict: str, *names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a builder, called with the class folder and its name, under one or more names."""

    def register(build: Callable[..., None]) -> Callable[..., None]:
        for name in names or (build.__name__,):
            ATTACKS[name] = lambda root, name=name: build(root, name)  # type: ignore[misc]
            VERDICTS[name] = verdict
        return build

    return register


def source(root: Path, name: str, data: bytes | str) -> None:
    (root / name).mkdir(parents=True)
    (root / name / "double.py").write_bytes(data if isinstance(data, bytes) else data.encode())


def code(text: str, id: str = "") -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": id}} if id else {}
    return {"cell_type": "code", "source": text, "metadata": metadata, "outputs": []}


def book(*cells: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "metadata": {}, **more}).encode()


def notebook(root: Path, name: str, data: bytes) -> None:
    (root / name / "basics").mkdir(parents=True)
    (root / name / "basics" / "basics.ipynb").write_bytes(data)


def zipped(root: Path, name: str, *members: tuple[str, bytes], method: int = 8) -> None:
    root.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(root / f"{name}.zip", "w", method) as archive:
        for member, data in members:
            archive.writestr(member, data)


# -- sources ----------------------------------------------------------------------------------


@attack("rejected", *(f"codec {c[:20]}" for c in CODECS))
def codec(root: Path, name: str) -> None:
    (found,) = [c for c in CODECS if f"codec {c[:20]}" == name]
    source(root, name, f"# coding: {found}\n{GOOD}")


@attack("rejected")
def bom_and_another_codec(root: Path, name: str) -> None:
    source(root, name, b"\xef\xbb\xbf# coding: latin-1\n" + GOOD.encode())


@attack("passed", "codec latin-1", "codec utf-7", "codec cp1252", "codec unicode_escape")
def codec_that_python_takes(root: Path, name: str) -> None:
    source(root, name, f"# coding: {name.split()[1]}\n{GOOD}")


@attack("raised")
def deep_source(root: Path, name: str) -> None:
    source(root, name, GOOD + "x = " + "(" * 300 + ")" * 300 + "\n")


# -- notebooks --------------------------------------------------------------------------------


@attack("passed")
def long_sum(root: Path, name: str) -> None:
    notebook(root, name, book(code(GOOD + "\nx = " + "1+" * 700 + "1\n", "double")))


@attack("passed")
def long_sum_beside(root: Path, name: str) -> None:
    notebook(root, name, book(code(GOOD, "double"), code("y = " + "1+" * 2000 + "1\nawait z")))


@attack("passed")
def cells_that_are_parsed_again(root: Path, name: str) -> None:
    cells = [code("x\n" * 149_000) for _ in range(6)]
    notebook(root, name, book(code(GOOD + "\nundefined_name if False else 1\n", "double"), *cells))


@attack("passed")
def many_awaits(root: Path, name: str) -> None:
    notebook(root, name, book(code(GOOD, "double"), code("await x\n" * 30_000)))


@attack("raised")
def many_names(root: Path, name: str) -> None:
    names = "".join(f"a{n} = a{n + 1}\n" for n in range(9_000))
    notebook(root, name, book(code(GOOD + "z = lambda: a0\n", "double"), code(names)))


@attack("raised")
def open_fences(root: Path, name: str) -> None:
    cell = {
        "cell_type": "markdown",
        "source": "```a\n" * 40_000,
        "metadata": {"nbgrader": {"grade_id": "double"}},
    }
    notebook(root, name, book(cell))


@attack("raised")
def long_magic(root: Path, name: str) -> None:
    line = "a, " * 60_000 + "x" + " " * 60_000 + "y"
    notebook(root, name, book(code(f"{GOOD}{line}\n", "double")))


@attack("raised")
def open_futures(root: Path, name: str) -> None:
    text = "from __future__ import (\n" * 8000
    notebook(root, name, book(code(GOOD + text, "double"), code("import os\n")))


@attack("rejected")
def open_string(root: Path, name: str) -> None:
    notebook(root, name, b'{"cells": ["' + b'\\"' * (5 << 20))


@attack("rejected")
def brackets(root: Path, name: str) -> None:
    data = b'{"cells": [{"cell_type": "code", "source": "x", "outputs": [' + b"[]" * 6_000_000
    zipped(root, name, ("basics.ipynb", data + b"]}]}"))


@attack("rejected")
def nested_json(root: Path, name: str) -> None:
    notebook(root, name, b'{"cells": ' + b"[" * 2_000_000)


@attack("rejected")
def long_number(root: Path, name: str) -> None:
    notebook(root, name, b'{"cells": [' + b"7" * 2_000_000 + b"]}")


@attack("passed")
def surrogates(root: Path, name: str) -> None:
    notebook(root, name, book(code(GOOD + "# \ud800\udfff \ud83d\n", "double")))


# -- archives ---------------------------------------------------------------------------------


@attack("rejected", "bzip2 bomb", "lzma bomb", "deflate bomb")
def bomb(root: Path, name: str) -> None:
    method = {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.get(name.split()[0], 8)
    zipped(root, name, ("double.py", b"#" * (48 << 20)), method=method)


@attack("passed", "bzip2 member", "lzma member")
def packed_otherwise(root: Path, name: str) -> None:
    method = zipfile.ZIP_BZIP2 if name.startswith("bzip2") else zipfile.ZIP_LZMA
    zipped(root, name, ("double.py", GOOD.encode()), method=method)


@attack("rejected")
def sixty_one_notebooks(root: Path, name: str) -> None:
    zipped(root, name, *((f"b{n}.ipynb", book(code("x = 1"))) for n in range(61)))


@attack("not attempted")
def many_members(root: Path, name: str) -> None:
    zipped(root, name, *((f"{n}", b"") for n in range(10_001)))


@attack("not attempted")
def long_member_name(root: Path, name: str) -> None:
    zipped(root, name, ("a" + " " * 900 + "x.py", b"x"))


@attack("rejected")
def very_long_member_name(root: Path, name: str) -> None:
    zipped(root, name, ("a" + " " * 60_000 + "x.py", b"x"))


@attack("rejected")
def members_that_share_their_bytes(root: Path, name: str) -> None:
    zipped(root, name, *((f"{n}/double.py", b"#" * 100) for n in range(50)))
    path = root / f"{name}.zip"
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # every entry of the list points to the first member
        struct.pack_into("<L", data, at + 42, 0)
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)


@attack("rejected", "zip64 lie", "list of members that lies", "cut zip", "zip of zeros")
def broken(root: Path, name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("double.py", GOOD)
    data = bytearray(made.getvalue())
    end = data.rfind(b"PK\x05\x06")
    if name == "zip64 lie":
        data[end + 8 : end + 20] = b"\xff" * 12
        head = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 60, 0
        )
        data[end:end] = head + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    elif name == "list of members that lies":
        struct.pack_into("<L", data, end + 12, 0x7FFF_FFFF)
    elif name == "cut zip":
        del data[len(data) // 2 :]
    else:
        data[:] = bytes(4096)
    root.mkdir(parents=True, exist_ok=True)
    (root / f"{name}.zip").write_bytes(data)


@attack("passed")
def member_without_a_name(root: Path, name: str) -> None:
    zipped(root, name, ("x", b"y"), ("double.py", GOOD.encode()))
    path = root / f"{name}.zip"
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<HH", data, at + 28, 0, 1)  # the name's byte becomes one of the extra field
    path.write_bytes(data)


# -- files and names --------------------------------------------------------------------------


@attack("rejected")
def pipe(root: Path, name: str) -> None:
    (root / name).mkdir(parents=True)
    os.mkfifo(root / name / "double.py")


@attack("rejected")
def pipe_as_zip(root: Path, name: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / f"{name}.zip")


@attack("rejected")
def sparse_notebook(root: Path, name: str) -> None:
    notebook(root, name, b"")
    with (root / name / "basics" / "basics.ipynb").open("r+b") as file:
        file.truncate(1 << 40)


@attack("not attempted")
def many_files(root: Path, name: str) -> None:
    folder = root / name / "x"
    folder.mkdir(parents=True)
    for number in range(10_001):
        (folder / str(number)).touch()


@attack("rejected")
def a_link(root: Path, name: str) -> None:
    (root / name).mkdir(parents=True)
    (root / name / "double.py").symlink_to("/etc/passwd")


@attack("not attempted")
def a_folder_as_file(root: Path, name: str) -> None:
    (root / name / "double.py").mkdir(parents=True)


@attack("passed")
def inner_name_no_text(root: Path, name: str) -> None:
    inner = os.path.join(os.fsencode(root / name), b"x\xff\xfe\x1b[2J\xe2\x80\xa8\n")  # noqa: PTH118
    os.makedirs(inner)  # noqa: PTH103 - the name is bytes
    with open(os.path.join(inner, b"double.py"), "w") as file:  # noqa: PTH118
        file.write(GOOD)


ODD_NAMES = (
    b"m\xfcller",
    "u\u2028\u2029\x85v".encode(),
    b"[bold red]rich[red]",
    b"=cmd|' /C calc'!A0",
    b"h;=1+1",
    b" =1+1",
    "\uff1d1+1".encode(),
    b"@SUM(1)",
    "i\u202eevil".encode(),
    b"<img src=x onerror=alert(1)>",
    b"j\n=1+1",
    b"\t=1+1",
    b"\x1b[31mred",
    b"n" * 200,
    "é".encode() * 120,
    b"' OR 1=1",
    b"-1+1",
    b"x..",
    b"con",
)
"""Names of students' folders, in bytes."""


def odd_names(root: Path) -> None:
    """An honest answer for each odd name."""
    for number, raw in enumerate(ODD_NAMES):
        folder = os.path.join(os.fsencode(root), raw)  # noqa: PTH118
        os.makedirs(folder)  # noqa: PTH103
        with open(os.path.join(folder, b"double.py"), "w") as file:  # noqa: PTH118
            file.write(GOOD + f"# {number}\n")


def whole_class(root: Path) -> None:
    """One of each, beside two students who did their work."""
    for build in ATTACKS.values():
        build(root)
    odd_names(root)
    source(root, "ann", GOOD + "# ann\n")
    source(root, "bob", GOOD.replace("2", "3"))
