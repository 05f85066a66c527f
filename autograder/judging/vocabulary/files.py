"""Files, and machines with another locale. Everything here runs in the sandbox."""

from __future__ import annotations

from autograder.judging.observations import in_sandbox

__all__ = ["in_another_locale", "put"]


@in_sandbox()
def put(name, content):
    """Write bytes to a file in a new folder, which goes when the worker ends; its path.

    Example::

        path = put("rows.jsonl", content)
        return list(module.stream_annotations(str(path)))
    """
    import os
    import pathlib
    import tempfile

    path = pathlib.Path(tempfile.mkdtemp(dir=os.getcwd()), name)
    path.write_bytes(content)
    return path


@in_sandbox()
def in_another_locale(module, path, expression):
    """What an expression gives in a process whose locale is C, without UTF-8 mode.

    The expression is text. In it ``module`` is the submission, ``path`` the file's path as text,
    ``islice`` that of itertools; its value goes through JSON. The answer is ``["value", value]``,
    ``["raised", type's name]``, or None if Python ended before it had one. What is wrong in any
    locale should be reported first, from an observation of its own.

    Example::

        work = "list(islice(module.iter_coco(path), 100))"
        return in_another_locale(module, put("a.json", content), work)
    """
    import json
    import os
    import pathlib
    import subprocess
    import sys

    code = """
import importlib, json, sys
from itertools import islice
folder, name, path, target = sys.argv[1:]
sys.path.insert(0, folder)
try:
    module = importlib.import_module(name)
    found = ["value", (EXPRESSION)]
except Exception as error:
    found = ["raised", type(error).__name__]
with open(target, "w", encoding="ascii") as file:
    json.dump(found, file)
""".replace("EXPRESSION", expression)
    # A running interpreter cannot change its encoding, so this takes another one.
    other = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    folder, target = pathlib.Path(module.__file__).parent, pathlib.Path(f"{path}.found")
    target.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-c", code, folder, module.__name__, path, target],
        env={**os.environ, **other, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return json.loads(target.read_text("ascii")) if target.exists() else None
