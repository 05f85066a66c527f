"""What a process of ours takes over from the shell that started the run: only what is named here.

A shell brings switches of Python and pytest, folders with plugins, a locale, proxies, libraries to
preload. Any of them can change a mark, and none says anything about a submission. So judges,
readers and workers start with an environment that is made here, from a list of what is kept.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import site
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
MATH = {f"{name}_NUM_THREADS": "1" for name in _THREADS}
"""One thread for mathematics: how many a library starts would show in every measurement."""

_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # without them some interpreters do not start
_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATHEXT", "COMSPEC")
_GPUS = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
_PLACES = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
_PYTHON = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")  # where, not what

_NEEDED = ("numpy", "msgpack", "pytest", "torch")
_RESTARTED = "KATA_RESTARTED"


def _kept(*groups: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for names in groups for name in names if name in os.environ}


def gpus() -> dict[str, str]:
    """Which GPUs this run may use: on a shared machine a scheduler says so."""
    return _kept(_GPUS)


def starting() -> dict[str, str]:
    """What an interpreter cannot start without on some systems."""
    return _kept(_WINDOWS, _LIBRARIES)


def helper() -> dict[str, str]:
    """The whole environment of a judge, and of a process that reads submissions.

    Texts hash by a secret in there: a reply may be full of those of one hash.
    """
    values = _kept(_PLACES, _LIBRARIES, _WINDOWS, _GPUS, _PYTHON) | MATH
    if sys.getfilesystemencoding() == "utf-8":
        values |= {"PYTHONUTF8": "1", "LANG": "C.UTF-8"}
    else:  # both ends have to read the name of a file alike
        values |= _kept(_LOCALE)
    values["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    path = python_path()
    return values | ({"PYTHONPATH": path} if path else {})


def python_path(package: Path | None = None) -> str:
    """``PYTHONPATH`` for a process of ours: the folder of ``package`` (where this one lies), and
    the user's packages where ours are among them. Empty where Python finds all by itself."""
    folders = [] if package is None else [str(package)]
    if package is None and not _found_anyway(PACKAGE.parent):
        folders.append(str(PACKAGE.parent))
    folders += _user_packages()
    # A folder whose name holds the separator cannot be said.
    return os.pathsep.join(f for f in dict.fromkeys(folders) if os.pathsep not in f)


def _found_anyway(folder: Path) -> bool:
    return any(Path(place).resolve() == folder for place in site.getsitepackages())


def _user_packages() -> list[str]:
    """The folder of ``pip install --user``, if packages that grading needs come from there."""
    if not site.ENABLE_USER_SITE:
        return []
    user = Path(site.getusersitepackages())
    places = [PACKAGE]
    for name in _NEEDED:
        with contextlib.suppress(ImportError, ValueError):
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.origin:
                places.append(Path(spec.origin))
    return [str(user)] if any(place.is_relative_to(user) for place in places) else []


PYTHON = (sys.executable, "-s", "-P")
"""How an interpreter of ours is called: nothing of the folder it starts in counts."""


@contextlib.contextmanager
def without_pytest_settings() -> Iterator[None]:
    """For a pytest within this very process: as if the shell had said nothing about it."""
    held = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTEST_")}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name in [n for n in os.environ if n.startswith("PYTEST_")]:
            del os.environ[name]
        os.environ.update(held)


def without_slow_imports() -> None:
    """Called before anything imports nbformat, in a process of ours.

    nbformat imports jsonschema, and where rfc3987-syntax is installed, as beside JupyterLab, that
    builds 38 Earley parsers at its import: 3 s, for a check of addresses that no notebook is
    given. jsonschema goes on without it.
    """
    if "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def restart(module: str) -> None:
    """Start this program again where its interpreter was told to work differently.

    Optimising takes away what the help is made from, warnings may be errors, and names of files
    mean something else in a locale that is not UTF-8.
    """
    again = os.environ.pop(_RESTARTED, "")
    flags = sys.flags
    told = flags.optimize or flags.inspect or flags.dev_mode or flags.bytes_warning
    told = told or sys.warnoptions or sys.getfilesystemencoding() != "utf-8"
    if again or not told:
        return
    values = {k: v for k, v in os.environ.items() if not _changes_python(k)} | {_RESTARTED: "1"}
    if not _found_anyway(PACKAGE.parent):
        places = (str(PACKAGE.parent), values.get("PYTHONPATH", ""))
        values["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if encoding.lower() not in ("utf-8", "ascii"):
        values["PYTHONIOENCODING"] = f"{encoding}:replace"  # what this terminal can show
    command = [sys.executable, "-X", "utf8", "-P", "-m", module, *sys.argv[1:]]
    if os.name == "nt":  # where exec returns to the shell at once
        import subprocess

        sys.exit(subprocess.run(command, env=values, check=False).returncode)
    with contextlib.suppress(OSError):
        os.execve(sys.executable, command, values)


def _changes_python(name: str) -> bool:
    passed_on = ("PYTHONPATH", "PYTHONUSERBASE", "PYTHONHOME", *_PYTHON)
    return name.startswith("PYTHON") and name not in passed_on
