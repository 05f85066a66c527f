"""Pictures in lessons, with words for those who cannot see them.

    >>> from autograder.notebooks.pictures import show  # doctest: +SKIP
    >>> show(figure, "Two lanes, one above the other: …")  # doctest: +SKIP

JupyterLab and nbconvert both show HTML, and both keep its ``alt``; of a bare PNG, JupyterLab
drops it. The same words are the plain text of the output, so they are what a lesson states in
its ``{output}`` block, and what a reader finds there before the cell has been run.
"""

from __future__ import annotations

import base64
import html
import io
import logging
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 144  # sharp on screens with two device pixels for each of the page's
_PAGE_DPI = 96
_IMAGE = re.compile(r'<img alt="[^"]*" src="data:image/png;base64,([^"]+)" width="\d+">')

# On a machine's first picture matplotlib makes a list of its fonts, and says on stderr that this
# takes a while: below the cell. Import this module before pyplot.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def show(figure: Figure, alt: str) -> None:
    """Show a matplotlib figure below the cell and close it; ``alt`` says what it shows."""
    from IPython.display import display  # here, because only a kernel has use for it
    from matplotlib import pyplot

    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI, bbox_inches="tight")
    pyplot.close(figure)  # or the inline backend shows it a second time, without words
    display(data_of(png.getvalue(), alt), raw=True)  # type: ignore[no-untyped-call]


def data_of(png: bytes, alt: str) -> dict[str, str]:
    """A picture and what it shows, as the data of an output."""
    width = int.from_bytes(png[16:20], "big") * _PAGE_DPI // DPI  # from the PNG's header
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    image = f'<img alt="{html.escape(alt)}" src="{source}" width="{width}">'
    return {"text/html": image, "text/plain": alt}


def png_of(output: Any) -> bytes | None:
    """The picture of an output that :func:`show` made; None for other outputs."""
    match = _IMAGE.fullmatch(output.get("data", {}).get("text/html", ""))
    return base64.b64decode(match[1]) if match else None


def height(png: bytes) -> int:
    """How high a picture is on a page, in CSS pixels."""
    return int.from_bytes(png[20:24], "big") * _PAGE_DPI // DPI
