"""Which walls a run has: what was asked for, what a machine must have, and what is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import KataError
from autograder.model import Result, Verdict, Walls
from autograder.sandbox import bubblewrap, container, masking, routes, tiers
from autograder.sandbox.inside import landlock
from autograder.sandbox.inside.folders import MOST_DEPTH, remove, size
from tests.containers import ROOT, in_container, lacking

in_one = pytest.mark.skipif(bool(lacking()), reason=lacking() or "-")


def test_options_come_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tiers.VARIABLE, raising=False)
    assert tiers.asked(None) is Walls.NAMESPACES
    monkeypatch.setenv(tiers.VARIABLE, "container")
    assert tiers.asked(None) is Walls.CONTAINER
    assert tiers.asked(None, network=True) is Walls.CONTAINER_NETWORK
    assert tiers.asked("namespaces") is Walls.NAMESPACES


@pytest.mark.parametrize("name", ["none", "container+network", "", "bubble\x1b[31mwrap"])
def test_other_names_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither walls of none nor an accepted network can be had by a name or a variable."""
    with pytest.raises(KataError, match="--walls must be one of namespaces, container") as caught:
        tiers.asked(name)
    assert "\x1b" not in str(caught.value)
    if name:
        monkeypatch.setenv(tiers.VARIABLE, name)
        with pytest.raises(KataError, match="KATA_WALLS must be"):
            tiers.asked(None)


def test_a_network_is_for_containers() -> None:
    with pytest.raises(KataError, match="--allow-network is for --walls container"):
        tiers.asked("namespaces", network=True)


def test_walls_are_truth_values_and_travel_as_text() -> None:
    assert [walls for walls in Walls if not walls] == [Walls.NONE]
    for walls in (*Walls, None):
        result = Result("ann", "double", "1", (), 4, Verdict.PASSED, walls=walls)
        values = result.as_dict()
        assert values.get("walls") == (None if walls is None else str(walls))
        assert ("sandboxed" in values) is (walls is Walls.NONE)
        assert Result.from_dict(values) == result
    older = {k: v for k, v in values.items() if k != "walls"}
    assert Result.from_dict(older | {"sandboxed": False}).walls is Walls.NONE
    assert Result.from_dict(older).walls is None


# -- what a machine must have ---------------------------------------------------------------------


def test_a_container_that_may_have_a_network_and_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "problem", lambda network: None)
    ways: list[str] = []
    monkeypatch.setattr(container, "ways_out", lambda: ways)
    assert tiers.built(Walls.CONTAINER_NETWORK) is Walls.CONTAINER
    ways.append("eth0 has a default route")
    assert tiers.built(Walls.CONTAINER_NETWORK) is Walls.CONTAINER_NETWORK


@pytest.mark.parametrize(
    ("change", "reason", "fix"),
    [
        ((os, "geteuid", lambda: 1000), "needs root", "--user 0"),
        ((container, "_capable", lambda number: number != 7), "SETUID", "--cap-add SETUID"),
        ((landlock, "abi", lambda: 0), "no Landlock", "Linux 5.13"),
        ((container, "_closed_to_others", lambda: "/root"), "enter /root", "chmod o+x /root"),
        ((container, "ways_out", lambda: ["eth0 has a route"]), "eth0", "--network none"),
    ],
)
def test_what_is_missing_is_said_with_the_fix(
    change: Any, reason: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good: list[Any] = [
        (os, "geteuid", lambda: 0),
        (container, "_capable", lambda number: True),
        (landlock, "abi", lambda: 1),
        (container, "_closed_to_others", lambda: ""),
        (container, "ways_out", list),
    ]
    for place, name, value in good:
        monkeypatch.setattr(place, name, value)
    assert container.problem(network=False) is None
    monkeypatch.setattr(*change)
    found = container.problem(network=False)
    assert found is not None and reason in found[0] and fix in found[1]
    with pytest.raises(bubblewrap.SandboxUnavailable, match=r"no sandbox: .*\n  How to fix it: "):
        tiers.built(Walls.CONTAINER)
    if reason == "eth0":
        assert container.problem(network=True) is None


HEAD = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
LOCAL6 = f"{'0' * 31}1 80 {'0' * 32} 00 {'0' * 32} 00000000 00000001 00000000 80200001 lo\n"
NONE6 = f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 00000001 00000000 00200200 lo\n"


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "ways"),
    [
        (HEAD, LOCAL6 + NONE6, []),
        (None, None, []),
        (HEAD + "lo 0000007F 00000000 0001 0 0 0 000000FF 0 0 0\n", "", []),
        (HEAD + "eth0 00000000 010011AC 0003 0 0 0 00000000 0 0 0\n", "", ["a default route"]),
        (HEAD + "eth0 000011AC 00000000 0001 0 0 0 0000FFFF 0 0 0\n", "", ["a route"]),
        (HEAD + "eth0 000011AC 00000000 0200 0 0 0 0000FFFF 0 0 0\n", "", []),
        (HEAD, LOCAL6 + NONE6.replace("00200200 lo", "00000003 eth0"), ["a default route"]),
        (HEAD, NONE6.replace("0 00", "0 40", 1).replace("00200200 lo", "1 eth0"), ["a route"]),
    ],
)
def test_routes(ipv4: str | None, ipv6: str | None, ways: list[str], tmp_path: Path) -> None:
    (tmp_path / "proc" / "net").mkdir(parents=True)
    for name, text in (("route", ipv4), ("ipv6_route", ipv6)):
        if text is not None:
            (tmp_path / "proc" / "net" / name).write_text(text)
    assert routes.out(tmp_path) == [f"eth0 has {way}" for way in ways]


# -- scratch folders ------------------------------------------------------------------------------


def test_a_scratch_folder_is_counted_and_removed_however_it_looks(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x" * 100_000)
    folder = tmp_path / "scratch"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text("x" * 50_000)
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    assert 50_000 <= size(str(folder), 1 << 20) < 100_000
    assert size(str(folder), 10_000) > 10_000
    deep = os.open(folder, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d" * 50, dir_fd=deep)
        below = os.open("d" * 50, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    assert MOST_DEPTH < 1200 and size(str(folder), 1 << 20) > 1 << 20
    remove(str(folder))
    assert not folder.exists() and (outside / "kept").exists()
    remove(str(folder))


# -- commands -------------------------------------------------------------------------------------

GRADE = ["-m", "autograder.cli", "grade"]


def command(folder: Path, *more: str) -> list[str]:
    (folder / "class" / "ann").mkdir(parents=True, exist_ok=True)
    (folder / "class" / "ann" / "double.py").write_text("def double(x):\n    return 2 * x\n")
    course = ["--course", str(ROOT / "tests" / "toy_course"), "--only", "double"]
    where = [str(folder / "class"), "--out", str(folder / "out")]
    return [sys.executable, *GRADE, *where, *course, *more]


def run(line: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)


@in_one
@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ({}, 0, "Walls: 1 result behind a container without a network."),
        ({"network": True}, 2, "--network none"),
        ({"without": ("SETUID", "KILL")}, 2, "root lacks capabilities here: KILL, SETUID"),
    ],
)
def test_grading_in_a_container(how: Any, code: int, words: str, tmp_path: Path) -> None:
    if "network" in how and not routes.out():
        pytest.skip("this machine has no network")
    done = run(in_container(command(tmp_path, "--walls", "container"), **how))
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr and "Traceback" not in done.stderr
    if not code:
        assert '"walls": "container"' in (tmp_path / "out" / "results.jsonl").read_text()


@in_one
def test_doctor_in_a_container(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "autograder.cli", "doctor", "--out", str(tmp_path)]
    done = run(in_container([*line, "--walls", "container"]))
    assert done.returncode == 0 and "This machine can grade." in done.stdout, done.stdout
    assert "this container; a user for each worker, Landlock" in done.stdout
    done = run(in_container([*line, "--walls", "container"], without=("SETPCAP",)))
    assert done.returncode == 1 and "--cap-add SETPCAP" in done.stdout, done.stdout


@in_one
def test_results_of_other_walls_are_graded_again(tmp_path: Path) -> None:
    container_, namespaces = command(tmp_path, "--walls", "container"), command(tmp_path)
    for line, graded, walls in (
        (namespaces, "1 to grade", "namespaces"),
        (in_container(container_), "1 to grade", "container"),
        (in_container(container_), "1 graded before, 0 to grade", "container"),
        (namespaces, "1 graded before, 0 to grade", "namespaces"),
    ):
        done = run(line)
        assert done.returncode == 0 and graded in done.stdout, done.stdout + done.stderr
        assert f'"walls": "{walls}"' in (tmp_path / "out" / "results.jsonl").read_text()
        (tmp_path / "out" / "results.jsonl").unlink()


def test_options_that_exclude_each_other(tmp_path: Path) -> None:
    for more, words in (
        (("--unsafe-no-sandbox", "--walls", "container"), "--walls and --unsafe-no-sandbox"),
        (("--unsafe-no-sandbox", "--allow-network"), "--allow-network and --unsafe-no-sandbox"),
        (("--allow-network",), "--allow-network is for --walls container"),
        (
            ("--walls", "container", "--scheduler", "tcp://127.0.0.1:8786"),
            "encrypt with --tls FOLDER",
        ),
        (("--walls", "docker"), "--walls must be one of namespaces, container, not 'docker'"),
    ):
        done = run(command(tmp_path, *more))
        assert done.returncode == 2 and words in done.stderr.replace("\n", " "), done.stderr


@pytest.mark.parametrize("wheel", [False, True])
def test_packages_stay_in_sight_where_the_engine_lies_among_them(
    wheel: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Installed as a wheel: torch imports some of its parts, and sympy, when they are used."""
    if wheel:
        monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    monkeypatch.setattr(masking, "PACKAGE", tmp_path / "autograder")
    for name in ("rules", "rough"):
        monkeypatch.setattr(f"autograder.sandbox.visible.{name}", lambda *a, **k: [])
    start, _, handle = container.command("plain", 3, shared=False)
    os.close(handle)
    assert json.loads(start[-1])["mounted"] == ("" if wheel else str(tmp_path))
