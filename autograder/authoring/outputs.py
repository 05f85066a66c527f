"""What a lesson states that its cells show: exact text, marked values, a picture.

    ```{output}
    Python «3.11.7» on «8» cores
    ```

A value between ``«`` and ``»`` varies. Readers see the recorded value, and a run of the cell may
show another one: any text within the line, and a number where the recorded value is a number.
``:picture: pictures/peak.png`` as the first line names the picture that was recorded; the
last line of the text is then its description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.authoring import pictures
from autograder.errors import KataError

_VALUE = re.compile("«([^«»\n]*)»")
_NUMBER = r"[ \t]*[-+]?\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?[ \t]*"
_PICTURE = re.compile(r"\A:picture:[ \t]*(\S+)[ \t]*\n")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
RECORDED = "recorded"
"""Key in the metadata of a stored output that says that its values are samples."""


class OutputError(KataError):
    """An output block that cannot be read or recorded; the message says why."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An ``{output}`` block: its text with marks, and the name of its picture, if it has one."""

    text: str
    picture: str = ""

    @property
    def shown(self) -> str:
        """What readers see: the recorded values without their marks."""
        return _VALUE.sub(r"\1", self.text)

    @property
    def varies(self) -> bool:
        """Whether another run may show something else, pictures included."""
        return bool(self.picture or _VALUE.search(self.text))

    def fits(self, shown: str) -> bool:
        """Whether a cell that shows this shows what is stated."""
        return self._match(shown) is not None

    def recorded(self, shown: str) -> Stated:
        """The same with the values of ``shown``; :class:`OutputError` where it does not fit."""
        match = self._match(shown)
        if match is None:
            raise OutputError(f"stated:\n{self.text}\nshown:\n{shown}")
        values = iter(match.groups())
        return replace(self, text=_VALUE.sub(lambda _: f"«{next(values)}»", self.text))

    def _match(self, shown: str) -> re.Match[str] | None:
        pattern, at = "", 0
        for value in _VALUE.finditer(self.text):
            number = re.fullmatch(_NUMBER, value[1])
            pattern += re.escape(self.text[at : value.start()]) + f"({_NUMBER if number else '.*'})"
            at = value.end()
        return re.fullmatch(pattern + re.escape(self.text[at:]), shown)


def read(body: str) -> Stated:
    """The block's body."""
    picture = _PICTURE.match(body)
    text = body[picture.end() :] if picture else body
    return Stated(text.rstrip("\n"), picture[1] if picture else "")


def written(stated: Stated) -> str:
    """The body of the block that :func:`read` reads as this."""
    head = f":picture: {stated.picture}\n" if stated.picture else ""
    return head + (stated.text + "\n" if stated.text else "")


def stored(stated: Stated, folder: Path) -> list[NotebookNode]:
    """A cell's outputs as a released notebook holds them, before students have run it.

    ``folder`` is the lessons' folder, where the pictures are. :class:`OutputError` where one is
    missing.
    """
    *_, last = lines = stated.shown.split("\n")
    text = "\n".join(lines[:-1] if stated.picture else lines)
    outputs = [new_output("stream", name="stdout", text=text + "\n")] if text else []
    if stated.picture:
        path = folder / stated.picture
        try:
            data = path.read_bytes()
        except OSError as error:
            raise OutputError(
                f"{path}: {error.strerror or error}; `autograde build outputs` records it"
            ) from None
        outputs.append(new_output("display_data", data=pictures.data_of(data, last)))
    if stated.varies:
        about = "A recorded sample. Run the cell to get your own."
        note = {"text/plain": f"({about})", "text/markdown": f"*{about}*"}
        outputs.append(new_output("display_data", data=note, metadata={RECORDED: True}))
    return outputs


def text_of(outputs: list[Any]) -> str:
    """What a reader sees below a cell as text, without the note that it is a recorded sample."""
    parts = []
    for output in outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}\n")
        elif not output.metadata.get(RECORDED):
            parts.append(output.data.get("text/plain", "") + "\n")
    return _ANSI.sub("", "".join(parts)).rstrip("\n")
