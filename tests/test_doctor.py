"""`autograde doctor`, and the facts that `kata doctor` shares: what is found, and the fixes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder.command_line import probe
from autograder.commands import doctor
from autograder.commands.app import app
from autograder.sandbox import bubblewrap
from autograder.sandbox.endings import SandboxFault


@pytest.mark.usefixtures("walls")
def test_a_machine_that_can_grade(tmp_path: Path) -> None:
    done = CliRunner().invoke(app(), ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 0 and "This machine can grade." in done.output
    names = ("Python", "sandbox", "limits", "cores", "GPU", "start methods", "pytest", "torch")
    for name in (*names, "CPU governor", "turbo", "transparent huge pages", "swap"):
        assert f"{name}: " in done.output


def test_without_bubblewrap_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bubblewrap, "probe", lambda: "bubblewrap is not installed")
    done = CliRunner().invoke(app(), ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "MISSING" in done.output and "This machine cannot grade yet." in done.output
    assert "sudo apt-get install bubblewrap" in probe.sandbox().fix


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    folder = probe.folder(tmp_path / "deep" / "out")
    assert not folder.writable and folder.place == tmp_path
    row = doctor._folder("output folder", folder)
    assert row.state == "missing" and str(tmp_path) in row.value and "--out" in row.fix


@pytest.mark.usefixtures("walls")
def test_a_sandbox_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "command", lambda *_, **__: ["false"])
    (row,) = doctor._sandbox(probe.sandbox())
    assert row.state == "missing" and "did not start" in row.value


def test_a_worker_that_does_not_start_is_no_error_here() -> None:
    class Broken:
        closed = False

        def worker(self, limits: Any) -> Any:
            raise SandboxFault("first\nnumpy does not load here")

        def close(self) -> None:
            self.closed = True

    zygote = Broken()
    worker = probe.worker(zygote, 1)
    assert worker.error.endswith("does not load here") and zygote.closed
    (row,) = doctor._sandbox(probe.Sandbox(worker=worker))
    assert row.value == "numpy does not load here" and row.fix == "reinstall that package"


def test_what_bounds_a_submission_is_said() -> None:
    kinds = ("memory", "processes", "CPU time", "stopping")
    bounds = tuple((kind, "cgroup v2") for kind in kinds)
    row = doctor._bounds(probe.Worker(bounds=bounds))
    assert row.state == "ok" and not row.fix and "stopping: cgroup v2" in row.value
    row = doctor._bounds(probe.Worker(bounds=(*bounds[:3], ("stopping", "signals"))))
    assert row.state == "note" and "systemd-run" in row.fix and "stopping: signals" in row.value


def test_packages() -> None:
    assert probe.package("pytest-timeout").version not in (None, probe.UNKNOWN)
    assert probe.package("autograder").version == probe.UNKNOWN  # a module, of another name there
    assert probe.package("no-such-package").version is None
    states = [doctor._package(probe.Package(name, None)).state for name in ("numpy", "nbgrader")]
    assert states == ["missing", "note"]


def _machine(root: Path, **files: str) -> dict[str, tuple[str, str]]:
    places = {
        "governor": "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
        "no_turbo": "sys/devices/system/cpu/intel_pstate/no_turbo",
        "boost": "sys/devices/system/cpu/cpufreq/boost",
        "pages": "sys/kernel/mm/transparent_hugepage/enabled",
        "swaps": "proc/swaps",
        "aslr": "proc/sys/kernel/randomize_va_space",
    }
    for name, text in files.items():
        path = root / places[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return {s.name: (s.value, s.effect) for s in probe.timing(root)}


def test_settings_that_make_times_steady(tmp_path: Path) -> None:
    assert set(_machine(tmp_path / "empty").values()) == {(probe.UNKNOWN, "")}
    calm = _machine(
        tmp_path / "calm",
        governor="performance",
        no_turbo="1",
        pages="always [madvise] never",
        swaps="Filename Type Size Used Priority",
        aslr="0",
    )
    assert calm == {
        "CPU governor": ("performance", ""),
        "turbo": ("off", ""),
        "transparent huge pages": ("madvise", ""),
        "swap": ("none", ""),
        "address space randomisation": ("off", ""),
    }
    restless = _machine(
        tmp_path / "restless",
        governor="powersave",
        boost="1",
        pages="[always] madvise never",
        swaps="Filename Type Size Used Priority\n/dev/sda2 partition 2097152 0 -2",
        aslr="2",
    )
    values = ["powersave", "on", "always", "2.0 GiB", "on"]
    assert [value for value, _ in restless.values()] == values
    assert all(effect for _, effect in restless.values())
