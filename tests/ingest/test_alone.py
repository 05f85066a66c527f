"""What plainly needs nothing around it is not looked into; all else is."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from autograder.ingest.contents.alone import needs_nothing, only_answers

IDS = frozenset({"double", "stack"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os\n",
        "import os, sys as s\nfrom json import loads, dumps\n",
        "x = 'from me to'\n",
        "from collections.abc import (\n    Iterable,\n    Iterator,\n)\n",
        "import os.path as p  # x\n",
        "def f():\n    import json\n",
        "from __future__ import annotations\r\nimport re\r\n",
    ],
)
def test_plain(text: str) -> None:
    assert needs_nothing(text.encode(), IDS)


@pytest.mark.parametrize(
    "text",
    [
        "import helper\n",
        "import os\rimport helper\r",
        "from helper import norm\n",
        "import os, helper\n",
        "from stack import Stack\n",
        "import os; import helper\n",
        "if 1: import x\nimport \\\n helper\n",
        "from .helper import x\n",
        "if 1: import os\n",
        "import os,\\\n sys\n",
        "m = importlib.import_module('helper')\n",
        "open('stack.py')\n",
        "from . import helper\n",
        "try:\n\timport helper\nexcept ImportError: pass\n",
        "import os as o, stack as s\n",
    ],
)
def test_not_plain(text: str) -> None:
    assert not needs_nothing(text.encode(), IDS)


def test_only_answers() -> None:
    paths = [PurePosixPath(p) for p in ("a/double.py", "stack.py", "b.ipynb")]
    assert only_answers(paths, IDS)
    assert not only_answers([*paths, PurePosixPath("a/data.csv")], IDS)
