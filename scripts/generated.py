"""Write what is drawn or listed from the code: pictures, tables in pages, lists in schemas.

    python -m scripts.generated            # or `make generated`

``tests/test_generated.py`` fails where a file is not what this would write.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from autograder import model
from autograder.model import Verdict
from autograder.text.wording import WORDING
from scripts import architecture

ROOT = Path(__file__).resolve().parents[1]


def files() -> Iterator[tuple[Path, str]]:
    """Each file that is written from the code, whole or in part, and its text."""
    yield ROOT / "docs" / "pictures" / "architecture.svg", architecture.picture()
    yield _part(ROOT / "docs" / "architecture.md", "layers", architecture.table())
    yield _part(ROOT / "docs" / "results.md", "verdicts", verdicts())
    yield _schema(ROOT / "autograder" / "report" / "results.schema.json")


def _part(path: Path, name: str, text: str) -> tuple[Path, str]:
    """A page with what stands between its marks ``name`` replaced."""
    begin, end = f"<!-- {name}: written by scripts/generated.py -->\n", f"<!-- end of {name} -->"
    marks = re.compile(f"({re.escape(begin)}).*?({re.escape(end)})", re.DOTALL)
    page, count = marks.subn(lambda m: m[1] + text + m[2], path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path}: the marks of {name} are not there")
    return path, page


def verdicts() -> str:
    """Every verdict, what it means by the text below it, and what students read."""
    (enum,) = (
        node
        for node in ast.parse(Path(model.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == Verdict.__name__
    )
    meaning = {
        member.targets[0].id: text.value.value
        for member, text in pairwise(enum.body)
        if isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }
    for verdict in Verdict:
        if verdict.name not in meaning:
            raise ValueError(f"model.Verdict.{verdict.name}: write below it what it means")
    rows = [f"| `{v}` | {meaning[v.name]} | {WORDING[v].long} |" for v in Verdict]
    return "\n".join(["| verdict | meaning | students read |", "|---|---|---|", *rows]) + "\n"


def _schema(path: Path) -> tuple[Path, str]:
    """The schema of ``results.jsonl`` with every verdict that there is."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["$defs"]["verdict"]["enum"] = [str(verdict) for verdict in Verdict]
    return path, json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    for path, text in files():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
