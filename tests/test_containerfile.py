"""The image's Containerfile, as far as it can be read without an engine."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

from autograder.model import Walls
from autograder.sandbox.tiers import VARIABLE
from tests.in_process import autograde

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "containers" / "Containerfile"
EXTRAS = ("course", "cluster", "postgres")
KNOWN = {"FROM", "RUN", "ENV", "COPY", "USER", "WORKDIR", "ENTRYPOINT", "CMD"}


def instructions() -> Iterator[tuple[str, str]]:
    """Each instruction and its argument; lines that go on are joined, comments left out."""
    lines = [line for line in FILE.read_text().splitlines() if not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line:
            word, _, rest = line.partition(" ")
            yield word, rest


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def extras(*names: str) -> set[str]:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {re.split(r"[>=<]", r)[0] for n in names for r in known["optional-dependencies"][n]}


def test_each_instruction_is_known_and_the_first_is_a_supported_python() -> None:
    names = [name for name, _ in instructions()]
    assert set(names) <= KNOWN and names[0] == "FROM" and names.count("FROM") == 1
    (image,) = of("FROM")
    match = re.fullmatch(r"docker\.io/library/python:3\.(\d+)-slim-\w+", image)
    assert match and int(match[1]) >= 11


def test_what_is_copied_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied: set[str] = set()
    for argument in of("COPY"):
        *sources, target = argument.split()
        assert target.startswith("/src")
        copied |= set(sources)
    assert "*" in ignored
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert set(wheel["targets"]["wheel"]["only-include"]) <= copied


def test_the_packages_are_those_of_the_extras() -> None:
    installed = [shlex.split(run) for run in of("RUN") if run.startswith("pip install")]
    ahead, whole = installed
    options = {"--extra-index-url", "-c"}
    words = [w for w, before in zip(ahead, ["", *ahead], strict=False) if before not in options]
    assert {w for w in words[2:] if not w.startswith("-")} == extras(*EXTRAS)
    assert f"/src[{','.join(EXTRAS)}]" in whole
    for run in installed:
        assert "/src/constraints.txt" in run


def test_walls_and_user() -> None:
    assert of("USER") == ["root"]
    assert f"{VARIABLE}={Walls.CONTAINER}" in of("ENV")
    assert of("ENTRYPOINT") == ['["autograde"]']


def test_the_command_that_is_shown_is_one_that_autograde_takes() -> None:
    """The options after the image's name are those of `autograde grade`."""
    text = "\n".join(line.removeprefix("#") for line in FILE.read_text().splitlines())
    (command,) = re.findall(r"docker run(.*?)\n\n", re.sub(r"\\\n\s*", "", text), re.DOTALL)
    words = shlex.split(command.strip())
    ours = words[words.index("kata") + 1 :]
    assert ours[0] == "grade"
    known = autograde("grade", "--help").output
    assert all(word in known for word in ours if word.startswith("--"))
    assert "--network none" in command
