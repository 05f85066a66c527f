"""Run inputs through the tasks of a reader, many in one process, and look at how each ended."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from autograder.ingest.packed import answer_of
from autograder.ingest.readers import FAILED, ReadingLimits, Request, limits, protocol, server
from autograder.outline import Course
from tests.fuzz import inputs

BATCH = 200
CALM = ReadingLimits(cpu=120, memory=400 << 20)
"""For a whole batch; an input that needs more than a second of CPU is a finding of its own."""

LONGEST = 2.0  # seconds of CPU for one input


@dataclass
class Report:
    """What a run found: ``findings`` name kind and seed of each input that went wrong."""

    inputs: int = 0
    read: int = 0
    peak: int = 0
    findings: list[str] = field(default_factory=list)


class _Active(HTMLParser):
    """Collects what could act in a rendered cell."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "style", "object", "embed", "form", "svg", "math", "base"):
            self.found.append(tag)
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("srcdoc", "action", "formaction"):
                self.found.append(name)
            if name in ("href", "src") and address.split(":")[0] in ("javascript", "vbscript"):
                self.found.append(address)
            if name in ("href", "src") and address.startswith("data:") and "image/" not in address:
                self.found.append(address)


def one(kind: str, seed: int, folder: Path, course: Course) -> tuple[str, bool]:
    """Read one input: what is wrong with how that ended, if anything, and whether it was read."""
    rng = random.Random(f"{kind}/{seed}")
    if kind == "markdown":
        return rendered(inputs.markdown(rng)), True
    if kind == "archive":
        path = folder / "input.zip"
        path.write_bytes(inputs.archive(rng))
        requests = [Request("zipped", (str(path), course, course.exercises), CALM)]
    else:
        inner = "double.py" if kind == "source" else "basics.ipynb"
        (folder / "basics").mkdir(exist_ok=True)
        path = folder / "basics" / inner
        path.write_bytes(inputs.source(rng) if kind == "source" else inputs.notebook(rng))
        requests = [Request("files", (((str(path), f"basics/{inner}"),), course, course.exercises))]
        if kind == "notebook":
            kinds = {f"{e.id}{end}": "code" for e in course.exercises for end in ("", "-checks")}
            requests += [
                Request("notebook", (str(path), kinds, course, {})),
                Request("marked", (str(path), "kata_placed")),
            ]
    read = False
    for request in requests:
        value, trouble, end = protocol.unpacked(server.answer(request))
        if end == FAILED:
            return f"{request.task}: {trouble}", False
        if request.task in ("files", "zipped") and value:
            answers = [answer_of(packed) for packed in value.values()]
            read = read or any(a.source is not None for a in answers)
        if request.task == "notebook" and value:
            for cell_kind, text, _, _ in value[1]:
                if cell_kind == "markdown" and text and (problem := active(text)):
                    return f"markdown: {problem}", False
    return "", read


def rendered(text: str) -> str:
    """What is active in a markdown cell once it was made harmless; empty if nothing is."""
    from autograder.ingest.notebooks.markdown import harmless

    made, pictures = harmless(text, {"a.png": {"image/png": "iVBO"}})
    return active(made, pictures)


def active(text: str, pictures: object = None) -> str:
    """What is active in a cell as nbconvert renders it."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(
        escape=False, attachments=pictures or {"a.png": {"image/png": "iVBO"}}
    )
    parser = _Active()
    parser.feed(MarkdownWithMath(renderer=renderer).render(text))
    parser.close()
    return ", ".join(parser.found)


def batch(kind: str, first: int, count: int, course: Course) -> Report:
    """``count`` inputs in a process of their own, from seed ``first`` on."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            with tempfile.TemporaryDirectory() as folder:
                report = _many(kind, first, count, Path(folder), course, write)
            os.write(write, protocol.packed([report.read, report.findings]) + b"!")
        finally:
            os._exit(0)
    os.close(write)
    data = b""
    while piece := os.read(read, 1 << 16):
        data += piece
    os.close(read)
    _, status, usage = os.wait4(pid, 0)
    report = Report(count, peak=usage.ru_maxrss << 10)
    last, _, packed = data.rpartition(b"\n")
    if packed.endswith(b"!"):
        report.read, report.findings = protocol.unpacked(packed[:-1])
    else:
        at = last.rpartition(b"\n")[2].decode() or str(first)
        report.findings = [f"{kind} {at}: the process ended ({status:#x})"]
    return report


def _many(kind: str, first: int, count: int, folder: Path, course: Course, write: int) -> Report:
    import resource
    import time
    import warnings

    warnings.simplefilter("ignore")
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CALM.cpu, CALM.cpu))
    room = limits._mapped() + CALM.memory
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    report = Report()
    for seed in range(first, first + count):
        os.write(write, b"%d\n" % seed)
        began = time.process_time()
        problem, read = one(kind, seed, folder, course)
        report.read += read
        took = time.process_time() - began
        if took > LONGEST:
            problem = problem or f"took {took:.1f} s"
        if problem:
            report.findings.append(f"{kind} {seed}: {problem}"[:300])
    return report


def run(count: int, seed: int, course: Course, *, say: bool = False) -> Report:
    """``count`` inputs, a quarter of each kind."""
    total = Report()
    each = -(-count // len(inputs.KINDS))
    for kind in inputs.KINDS:
        if kind in ("markdown", "notebook"):  # imported once, ahead of the forks
            import autograder.ingest.notebooks.placing  # noqa: F401
        for first in range(0, each, BATCH):
            made = batch(kind, seed + first, min(BATCH, each - first), course)
            total.inputs += made.inputs
            total.read += made.read
            total.peak = max(total.peak, made.peak)
            total.findings += made.findings
        if say:
            print(
                f"{kind}: {total.inputs} inputs so far, {total.read} read, "
                f"{len(total.findings)} findings",
                file=sys.stderr,
                flush=True,
            )
    return total
