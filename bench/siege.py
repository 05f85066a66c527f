"""A class of 300 honest students, alone and with one of each attack among them.

``bench_siege(folder, honest)`` grades ``double`` of the toy course twice: the honest students by
themselves, then the same students beside every attack on the reading of a class
(``tests/readers/attacks.py``) and answers that attack their worker when they run. An honest mark
that differs between the two runs is a fault; so is a student without a row.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

RUNTIME = {
    "loops": "def double(x):\n    while True:\n        pass\n",
    "sleeps": "import time\ntime.sleep(1000)\ndef double(x):\n    return 2 * x\n",
    "eats": "x = bytearray(1 << 40)\ndef double(x):\n    return 2 * x\n",
    "grows": "def double(x):\n    a = []\n    while True:\n        a.append(bytearray(1 << 24))\n",
    "forks": "import os\nwhile True:\n    os.fork()\ndef double(x):\n    return 2 * x\n",
    "kills": "import os\nos.kill(0, 9)\ndef double(x):\n    return 2 * x\n",
    "kills_all": "import os\ndef double(x):\n    os.kill(-1, 9)\n    return 2 * x\n",
    "exits": "import os\ndef double(x):\n    os._exit(0)\n",
    "crashes": "import ctypes\ndef double(x):\n    return ctypes.string_at(0)\n",
    "prints": "def double(x):\n    while True:\n        print('x' * 10**6)\n",
    "replies": "def double(x):\n    return [[0] * 10**7]\n",
    "fills": "def double(x):\n    open('big', 'wb').write(b'x' * 10**11)\n    return 2 * x\n",
    "threads": "import threading\ndef double(x):\n    while True:\n"
    "        threading.Thread(target=lambda: threading.Event().wait()).start()\n",
}
"""Answers that harm when they run, by name."""


def bench_siege(folder: Path, honest: int = 300) -> dict[str, Any]:
    """Figures of the two runs; ``lost`` are honest marks that differ between them."""
    sys.path.insert(0, str(ROOT))
    from tests.readers import attacks

    alone, siege = folder / "alone", folder / "siege"
    for number in range(honest):
        times = 3 if number % 5 == 0 else 2  # every fifth is wrong
        text = f"def double(x):\n    return {times} * x  # {number}\n"
        attacks.source(alone, f"honest{number:03}", text)
    shutil.copytree(alone, siege)
    attacks.whole_class(siege)
    for name, text in RUNTIME.items():
        attacks.source(siege, f"runtime_{name}", text)
    first, _, _ = _graded(alone, folder / "out-alone")
    second, seconds, code = _graded(siege, folder / "out-siege")
    return {
        "honest": honest,
        "attacks": len(attacks.ATTACKS) + len(attacks.ODD_NAMES) + len(RUNTIME),
        "rows": len(second),
        "lost": sum(first[name] != second.get(name) for name in first),
        "seconds": round(seconds, 1),
        "code": code,
    }


def _graded(submissions: Path, out: Path) -> tuple[dict[str, Any], float, int]:
    """Points and verdict of every student, the wall time, and the exit code."""
    began = time.monotonic()
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder.cli",
            "grade",
            str(submissions),
            "--out",
            str(out),
            "--course",
            str(ROOT / "tests" / "toy_course"),
            "--only",
            "double",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    lines = map(json.loads, (out / "results.jsonl").read_text(encoding="utf-8").splitlines())
    marks = {line["student"]: (line["points"], line["verdict"]) for line in lines}
    return marks, time.monotonic() - began, ended.returncode
