"""A real browser before a real Jupyter server: formgrader, and a student in JupyterLab.

Screenshots go to ``.artefacts/`` for people to look at.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")
pytest.importorskip("jupyterlab")
pytest.importorskip("playwright")

from playwright import sync_api

from autograder import outline
from autograder.ingest.submissions import collect
from tests.notebooks.books import cell_of, save

REPOSITORY = Path(__file__).parents[2]
ARTEFACTS = REPOSITORY / ".artefacts"
BIN = Path(sys.executable).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHAPTER = "ch02_iterators_generators"
SPECIMENS = REPOSITORY / "tests" / "specimens" / CHAPTER / "count_up"
PATIENCE = 120_000
"""Milliseconds until a page is given up: long, because it only ends what hangs."""

pytestmark = [
    pytest.mark.usefixtures("walls"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``nbgrader/`` and ``bundle/`` of one chapter."""
    folder = tmp_path_factory.mktemp("browser")
    command = [sys.executable, "-m", "autograder.cli", "release", "bundle", "--chapter", CHAPTER]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@contextmanager
def jupyter(folder: Path, home: Path) -> Iterator[str]:
    """A Jupyter server on ``folder``; gives its address. Nothing of the user's home is used."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    runtime = home / "runtime"
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    command = [
        BIN / "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=kata",
        "--ip=127.0.0.1",
        "--LabApp.expose_app_in_browser=True",  # for tests that give it commands
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    save(quiet, home / "config" / "labconfig" / "default_setting_overrides.json")
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [str(c) for c in command], cwd=folder, env=environment, stdout=log, stderr=log
    )
    try:
        while not (files := list(runtime.glob("jpserver-*.json"))):
            assert process.poll() is None, (home / "log").read_text()[-3000:]
            time.sleep(0.1)
        yield str(json.loads(files[0].read_text())["url"]).rstrip("/")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@contextmanager
def browser() -> Iterator[Any]:
    """A page of Chromium."""
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        try:
            yield page
        except BaseException:
            picture(page, "failed")
            raise
        finally:
            chromium.close()


def picture(page: Any, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


def student_row(page: Any, name: str) -> Any:
    return page.locator("tbody tr").filter(has=page.get_by_text(name, exact=True))


def test_formgrader(released: Path, tmp_path: Path) -> None:
    root = tmp_path / "nbgrader"
    shutil.copytree(released / "nbgrader", root)
    release = json.loads((root / "release" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    for student, specimen in (("ada", "right_wraps_range"), ("ben", "wrong_zero_based")):
        cell_of(release, "count_up")["source"] = (SPECIMENS / f"{specimen}.py").read_text()
        save(release, root / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb")
    text = json.dumps(release)
    save(text[: len(text) // 2], root / "submitted" / "cut" / CHAPTER / f"{CHAPTER}.ipynb")
    with jupyter(root, tmp_path / "home") as address, browser() as page:
        page.goto(f"{address}/login?token=kata&next=/formgrader/manage_submissions/{CHAPTER}")
        for name in ("ada", "ben", "cut"):
            row = student_row(page, name)
            row.get_by_text("needs autograding").wait_for()
            row.locator(".autograde a").click()
            page.get_by_text(f"Successfully autograded '{CHAPTER}' for student '{name}'").wait_for()
            page.locator(".modal-footer .btn-primary").click()
            page.locator(".modal").wait_for(state="detached")
        most = sum(e.points for e in outline.load().exercises if e.chapter == CHAPTER)
        student_row(page, "ada").get_by_text(f"10 / {most:g}").wait_for()
        picture(page, "formgrader-class")

        page.goto(f"{address}/formgrader/gradebook/{CHAPTER}/{CHAPTER}")
        links = page.locator("tbody a[href*='/submissions/']")
        links.nth(2).wait_for()
        hrefs = links.evaluate_all("all => all.map(a => a.href)")
        pages = {}
        for href in sorted(set(hrefs)):
            page.goto(href)
            page.get_by_text("of 10 points").or_(page.get_by_text("is cut off")).first.wait_for()
            pages[href] = page.content()
            if "CountUp(3) starts at 0" in pages[href]:
                page.get_by_text("CountUp(3) starts at 0").first.scroll_into_view_if_needed()
                picture(page, "formgrader-submission")
        assert any("CountUp(3) starts at 0" in text for text in pages.values())
        assert any("is cut off" in text for text in pages.values())
        assert not any("BEGIN SOLUTION" in text for text in pages.values())


def test_a_student_in_jupyterlab(released: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "bundle"
    shutil.copytree(released / "bundle", workspace)
    path = workspace / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    answer = (SPECIMENS / "right_wraps_range.py").read_text()
    with jupyter(workspace, tmp_path / "home") as address, browser() as page:
        notebook = f"notebooks/{CHAPTER}/{CHAPTER}.ipynb"
        page.goto(f"{address}/login?token=kata&next=/lab/tree/{notebook}")
        stub = page.locator(".jp-CodeCell", has_text="count_up: write your solution here").first
        stub.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        load = page.locator(".jp-CodeCell", has_text="%load_ext autograder.kata").first
        load.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        load.get_by_text(re.compile(r"^\[\d+\]:$")).first.wait_for()
        stub.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(answer)
        page.keyboard.press("Shift+Enter")
        check = page.locator(".jp-CodeCell", has_text="%check count_up").last
        check.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        check.locator(".jp-OutputArea-output").first.wait_for()
        page.get_by_text("CountUp(3) yields 1, 2, 3.").last.scroll_into_view_if_needed()
        picture(page, "jupyterlab-student")
        before = path.stat().st_mtime_ns
        page.keyboard.press("Control+s")
        while path.stat().st_mtime_ns == before:
            page.wait_for_timeout(100)
    course = outline.load()
    (found,) = collect(path, course, course.exercises)
    assert found.answers["count_up"].source == answer.encode()
