"""What a student's notebook does to whoever looks at it in nbgrader's pages: nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

from autograder.ingest.notebooks.markdown import SHOWN_CAP, harmless, literal
from autograder.outline import Course
from tests.fuzz.running import active
from tests.notebooks.books import GOOD, answered, save

BIN = Path(sys.executable).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHAPTER = "basics"
SET = "window.PWNED=1"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
MARKDOWN = [
    f"<script>{SET}</script>",
    f"<img src=x onerror='{SET}'>",
    f"<svg onload={SET}>",
    f"<svg><script>{SET}</script></svg>",
    f"<details open ontoggle={SET}>x</details>",
    f"<iframe srcdoc='<script>parent.{SET[7:]}</script>'></iframe>",
    f"<body onload={SET}>",
    f"<video><source onerror={SET}></video>",
    f"<input autofocus onfocus={SET}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={SET}>",
    f"<scr<script>ipt>{SET}</script>",
    f"<p><b><script>{SET}</b></p>",
    f"<!--><script>{SET}</script>",
    f"<style>@import 'x';</style><link rel=stylesheet href=x onload={SET}>",
    f"[a](javascript:{SET})",
    f"[a](JaVaScRiPt:{SET})",
    f"[a](&#106;avascript:{SET})",
    f"[a](<java\tscript:{SET}>)",
    f"[a](javascript&colon;{SET})",
    f"[a](\x01javascript:{SET})",
    f"[a][r]\n\n[r]: javascript:{SET}",
    f"<javascript:{SET}>",
    f"[a](javascript\\:{SET})",
    f"[a](data:text/html,<script>{SET}</script>)",
    f"[a](vbscript:{SET})",
    f"![a](javascript:{SET})",
    f'![a](x"onerror="{SET})',
    f"[a](https://e.org 'x\" onclick=\"{SET}')",
    f"# <img src=x onerror={SET}>",
    f"# [h](javascript:{SET})",
    f"| <img src=x onerror={SET}> |\n|---|\n",
    f"```html\n<script>{SET}</script>\n```",
    f'```x" onmouseover="{SET}\ny\n```',
    f'```mermaid\ngraph TD\nA-->B\nclick A href "javascript:{SET}"\n```',
    f"```mermaid\n</pre><script>{SET}</script>\n```",
    f"    <script>{SET}</script>",
    f"`<script>{SET}</script>`",
    f"`` `<img src=x onerror={SET}>",
    f"> <img src=x onerror={SET}>",
    f"$\\href{{javascript:{SET}}}{{x}}$",
    f"$$\\require{{html}}\\href{{javascript:{SET}}}{{x}}$$",
    f"&#92;( &#92;href{{javascript:{SET}}}{{x}} &#92;)",
    f"$<script>{SET}</script>$",
    f"\\begin{{equation}}<img src=x onerror={SET}>\\end{{equation}}",
    "![p](attachment:missing.png)",
    f"&lt;script&gt;{SET}&lt;/script&gt;",
    f"&#60;script>{SET}</script>",
    f"\\<script>{SET}</script>",
    f"<a href='java&#x0A;script:{SET}'>x</a>",
    f"<form action=javascript:{SET}><button>x</button></form>",
    f"<a\u2028href=javascript:{SET}>x</a>",
    f"<\x00script>{SET}</script>",
    f"<svg/onload={SET}//",
    f"<!DOCTYPE x [<!ENTITY y '<script>{SET}</script>'>]>&y;",
    f"<?x <script>{SET}</script>?>",
    f"<![CDATA[<script>{SET}</script>]]>",
    "![s](attachment:a.svg) ![t](attachment:t)",
]
ATTACHED: dict[str, Any] = {
    "a.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"},
    "t": {f'text/html" onerror="{SET}': "PHNjcmlwdD4="},
    "p.png": {"image/png": PNG},
    f'x" onerror="{SET}': {"image/png": PNG},
    "q.png": {"image/png": f'" onerror="{SET}'},
}


@pytest.mark.parametrize("number", range(len(MARKDOWN)))
def test_nothing_active_is_left_of_it(number: int) -> None:
    made, pictures = harmless(MARKDOWN[number], ATTACHED)
    assert active(made, pictures) == ""
    assert active(literal(MARKDOWN[number])) == ""


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nSome *text*, `a < b`, $a < b$ and **more**.\n\n- one\n- [ ] two\n\n> said\n",
        "| a | b |\n|:--|--:|\n| 1 | 2 |\n\n1. x\n2. y\n\n---\n\nhttps://example.org\n",
        "```python\nx: dict[str, int] = {}\nif x <= 3: print(x)\n```\n",
        "[a link](https://example.org/a?b=c#d 'title') and [mail](mailto:a@b.org)\n",
        "Half of it: $\\frac{1}{2}$ and\n\n$$\\sum_{i<n} x_i$$\n",
        "AT&T &lt;x&gt; &nbsp; a&b\n",
    ],
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    made, _ = harmless(text)
    assert made.replace("\N{WORD JOINER}", "") == text
    assert made == text or "i<" in text  # which could begin a tag


def test_pictures_stay_and_what_is_none_goes() -> None:
    made, pictures = harmless("![p](attachment:p.png)", ATTACHED)
    assert made == "![p](attachment:p.png)" and pictures["p.png"] == {"image/png": PNG}
    assert not {"a.svg", "t", "q.png"} & set(pictures)


def test_what_is_long_or_slow_is_shown_as_it_was_typed() -> None:
    long, _ = harmless("x" * (SHOWN_CAP + 1))
    assert long.startswith("```\n") and "cut: this cell has 20001 characters" in long
    for text in ("[" * 19_000, "*a " * 6000, "> " * 9000, "`" * 19_000, "- " * 9000, "|a" * 9000):
        made, _ = harmless(text)
        made.encode()


# -- in nbgrader ------------------------------------------------------------------------------


def call(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(cwd / "no-config"),
        "COLUMNS": "120",
    }
    return subprocess.run(
        [str(c) for c in command],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
    )


TIMESTAMPS = {
    "t_pipe": None,
    "t_none": "yesterday-ish",
    "t_long": "2030-01-01" + " " * 9000,
    "t_good": "2030-01-01 10:00:00 UTC",
}


def _hostile(toy: Course) -> dict[str, Any]:
    """A notebook that tries to run something in each kind of cell."""
    book = answered(
        toy, double=GOOD.replace("return", f'"""</pre><script>{SET}</script>"""; return')
    )
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "markdown",
            "id": f"m{n}",
            "metadata": {},
            "source": text,
            "attachments": ATTACHED,
        }
        for n, text in enumerate(MARKDOWN)
    ]
    cells += [
        {
            "cell_type": "raw",
            "id": f"r{n}",
            "metadata": {"raw_mimetype": kind},
            "source": f"<script>{SET}</script>",
        }
        for n, kind in enumerate(("", "text/html", "text/markdown"))
    ]
    cells += [
        {
            "cell_type": "code",
            "id": "o",
            "metadata": {},
            "source": "x",
            "execution_count": 1,
            "outputs": [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"text/html": f"<script>{SET}</script>"},
                }
            ],
        }
    ]
    book["cells"] += cells
    book["metadata"]["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": f"<script>{SET}</script>",
    }
    return book


@pytest.fixture(scope="module")
def course(toy: Course, walls: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An nbgrader course with hostile submissions, graded and with feedback."""
    root = tmp_path_factory.mktemp("course") / "nbgrader"
    kata = [sys.executable, "-m", "autograder.cli"]
    done = call(
        *kata,
        "release",
        root.parent / "bundle",
        "--root",
        root,
        "--course",
        toy.root,
        cwd=root.parent,
    )
    assert done.returncode == 0, done.stderr
    submitted = root / "submitted"
    save(_hostile(toy), submitted / "mallory" / CHAPTER / f"{CHAPTER}.ipynb")
    save(answered(toy, double=GOOD), submitted / "ann" / CHAPTER / f"{CHAPTER}.ipynb")
    secret = root.parent / "secret.txt"
    secret.write_text("SECRET OF THE MACHINE")
    (submitted / "mallory" / CHAPTER / "notes.txt").symlink_to(secret)
    (submitted / "mallory" / CHAPTER / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(submitted / "mallory" / CHAPTER / "data.txt")
    (submitted / "ann" / CHAPTER / "notes.txt").write_text("mine")
    for student, text in TIMESTAMPS.items():
        save(answered(toy, double=GOOD), submitted / student / CHAPTER / f"{CHAPTER}.ipynb")
        if text is None:
            os.mkfifo(submitted / student / CHAPTER / "timestamp.txt")
        else:
            (submitted / student / CHAPTER / "timestamp.txt").write_text(text)
    (submitted / "eve").mkdir()
    (submitted / "eve" / CHAPTER).symlink_to(submitted / "ann" / CHAPTER)
    os.makedirs(os.fsencode(submitted) + b"/m\xfcller\n=1/basics")  # noqa: PTH103
    shutil.copy(
        os.fsencode(submitted / "ann" / CHAPTER / f"{CHAPTER}.ipynb"),
        os.fsencode(submitted) + b"/m\xfcller\n=1/basics/basics.ipynb",
    )
    graded = call(*kata, "grade", "submitted", "--gradebook", ".", "--course", toy.root, cwd=root)
    (root / "said").write_text(graded.stderr)
    assert graded.returncode == 3, graded.stdout + graded.stderr
    done = call(BIN / "nbgrader", "generate_feedback", CHAPTER, cwd=root)
    assert done.returncode == 0, done.stderr[-3000:]
    return root


def test_everybody_is_graded_and_who_is_not_is_named(course: Path) -> None:
    said = (course / "said").read_text()
    assert "Traceback" not in said
    assert all(line.startswith("NOT IN THE GRADEBOOK: ") for line in said.splitlines())
    out = {line.split(": ")[1] for line in said.splitlines()}
    assert {"t_long", "t_none", "t_pipe"} < out and "cannot be a student's" in said
    assert not out & {"ann", "mallory", "eve", "t_good"}
    lines = map(json.loads, (course / "out" / "results.jsonl").read_text().splitlines())
    double = {r["student"]: r["points"] for r in lines if r["exercise"] == "double"}
    assert double["ann"] == 4 and double["mallory"] == 4 and double["eve"] == 0
    assert sorted(double.values()) == [0] + [4] * (3 + len(TIMESTAMPS))
    marked = {p.name for p in (course / "autograded").iterdir()}
    assert marked == {"ann", "mallory", "eve", "t_good"}


def test_nothing_is_read_through_a_link(course: Path) -> None:
    for part in ("autograded", "feedback"):
        texts = [p.read_text(errors="replace") for p in (course / part).rglob("*") if p.is_file()]
        assert texts and not any("SECRET OF THE MACHINE" in text for text in texts)
    assert (course / "autograded" / "ann" / CHAPTER / "notes.txt").read_text() == "mine"
    eve = (course / "autograded" / "eve" / CHAPTER / f"{CHAPTER}.ipynb").read_text()
    assert "return 2 * x" not in eve and "symbolic link" in eve


def test_nothing_is_written_through_a_link(course: Path, toy: Course, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "nbgrader", tmp_path / "elsewhere"
    left = shutil.ignore_patterns("mallory", "t_pipe", "feedback", "autograded")
    shutil.copytree(course, root, symlinks=True, ignore=left)
    elsewhere.mkdir()
    (root / "submitted" / "zoe").mkdir()
    (root / "submitted" / "zoe" / CHAPTER).symlink_to(elsewhere)
    (root / "submitted" / "yan").symlink_to(elsewhere)
    (root / "submitted" / "xia" / CHAPTER).mkdir(parents=True)
    kept = elsewhere / "kept"
    kept.write_text("kept")
    (root / "submitted" / "xia" / CHAPTER / f"{CHAPTER}.ipynb").symlink_to(kept)
    files = tmp_path / "files"
    for student in ("zoe", "yan", "xia", "will"):
        (files / student).mkdir(parents=True)
        (files / student / "double.py").write_text(GOOD)
    done = call(
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        files,
        "--gradebook",
        root,
        "--course",
        toy.root,
        cwd=tmp_path,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    for student in ("zoe", "yan", "xia"):
        assert f"NOT IN THE GRADEBOOK: {student}" in done.stderr
    assert [p.name for p in elsewhere.iterdir()] == ["kept"] and kept.read_text() == "kept"
    placed = root / "submitted" / "will" / CHAPTER / f"{CHAPTER}.ipynb"
    assert "return 2 * x" in placed.read_text()


TOUCH_EVERYTHING = """() => {
    const active = [];
    for (const e of document.querySelectorAll('#notebook *, #notebook-container *')) {
        for (const a of e.attributes) {
            if (/^on/i.test(a.name)) active.push(a.name);
            if (/^\\s*(java|vb|live)script:/i.test(a.value)) active.push(a.value);
        }
        if (/^(script|iframe|object|embed|svg|form|style|link)$/i.test(e.tagName))
            active.push(e.tagName);
        for (const kind of ['mouseover', 'click', 'focus', 'error', 'toggle'])
            if (kind != 'click' || e.tagName != 'A')
                e.dispatchEvent(new Event(kind, {bubbles: false}));
    }
    for (const a of document.querySelectorAll('a')) {
        a.addEventListener('click', e => {
            if (/^(https?|mailto):/.test(a.href)) e.preventDefault();
        });
        a.click();
    }
    return active;
}"""
"""What of a page is active, after every handler was fired and every link clicked."""


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_no_script_runs_and_no_handler_fires(course: Path) -> None:
    """In a real browser: the page is loaded, everything in it is touched and every link clicked."""
    sync_api = pytest.importorskip("playwright.sync_api")
    page_file = course / "feedback" / "mallory" / CHAPTER / f"{CHAPTER}.html"
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = chromium.new_page()
        page.set_default_timeout(120_000)
        asked: list[str] = []
        dialogs: list[str] = []

        def dismissed(dialog: Any) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismissed)

        def only_this(route: Any) -> None:
            asked.append(route.request.url)
            if route.request.url.startswith("file:"):
                route.continue_()
            else:
                route.abort()

        page.route("**/*", only_this)
        page.goto(page_file.as_uri(), wait_until="load")
        before = page.url
        found = page.evaluate(TOUCH_EVERYTHING)
        page.wait_for_timeout(500)
        assert found == [] and dialogs == []
        assert page.evaluate("window.PWNED") is None
        assert page.url.split("#")[0] == before
        shown = page.inner_text("body")
        assert shown.count("window.PWNED=1") > 40  # it is all there, as text
        assert not [u for u in asked if not u.startswith(("file:", "https://cdn", "data:"))], asked
        chromium.close()
