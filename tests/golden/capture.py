"""``python -m tests.golden.capture FOLDER [--whole] [ROAD...]``: what the commands leave, as text.

FOLDER gets a folder per road with screens, results, pages and notebooks, without what varies
from run to run. Two folders of equal size compare with ``diff -r``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from tests.golden.roads import SMALL
from tests.golden.running import Road
from tests.golden.whole import WHOLE


def capture(target: Path, name: str, whole: bool = False) -> None:
    """Walk one road and save in the folder ``target``, replaced if there, what it leaves."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        (WHOLE if whole else SMALL)[name](Road(Path(folder).resolve(), target))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden.capture")
    parser.add_argument("folder", type=Path)
    parser.add_argument("roads", nargs="*", metavar="road", help=f"of {', '.join(WHOLE)}")
    parser.add_argument(
        "--whole", action="store_true", help="the seven exercises over the whole sample class"
    )
    arguments = parser.parse_args()
    roads = WHOLE if arguments.whole else SMALL
    for name in arguments.roads or roads:
        if name not in roads:
            parser.error(f"no road {name!r}: it is one of {', '.join(roads)}")
        began = time.monotonic()
        capture(arguments.folder / name, name, arguments.whole)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
