"""What a lesson states of its cells: exact text, marked values, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("nbformat")

from autograder.authoring import outputs, pictures
from autograder.authoring.outputs import OutputError, Stated

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (144).to_bytes(4, "big") + (288).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("text", "shown", "fits"),
    [
        ("a (b) ...", "a (b) ...", True),
        ("a (b) ...", "a (b) c", False),
        ("Python «3.11.7»", "Python 3.14.0rc1", True),
        ("Python «3.11.7»", "Python\n3.14", False),
        ("takes «1.5» ms", "takes 1_250.25 ms", True),
        ("takes «  1.5» ms", "takes 12.5e-3 ms", True),
        ("takes «1.5» ms", "takes no ms", False),  # where a number is recorded, a number
        ("on Linux: True«»", "on Linux: True (perhaps)", True),
        ("«1» and «2»", "3 and 4", True),
    ],
)
def test_what_fits(text: str, shown: str, fits: bool) -> None:
    assert Stated(text).fits(shown) is fits


def test_recording_replaces_the_marked_values() -> None:
    stated = Stated("«1» of «two»\nexact")
    assert stated.recorded("30 of four\nexact") == Stated("«30» of «four»\nexact")
    assert stated.varies and not Stated("exact").varies
    assert stated.shown == "1 of two\nexact"
    with pytest.raises(OutputError, match="exact"):
        stated.recorded("30 of four\nelse")


@pytest.mark.parametrize("body", ["1\n", ":picture: pictures/a-1.png\nTwo bars.\n", "«1»\n2\n", ""])
def test_a_block_is_written_as_it_was_read(body: str) -> None:
    assert outputs.written(outputs.read(body)) == body


def test_a_stored_picture_has_its_words_and_is_marked_as_a_sample(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    stated = outputs.read(":picture: a.png\nbefore\nTwo bars.\n")
    text, picture, note = outputs.stored(stated, tmp_path)
    assert text.text == "before\n"
    assert 'alt="Two bars."' in picture.data["text/html"] and pictures.png_of(picture) == PNG
    assert 'width="96"' in picture.data["text/html"] and pictures.height(PNG) == 192
    assert "recorded sample" in note.data["text/plain"]
    assert outputs.text_of([text, picture, note]) == "before\nTwo bars."


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"b\.png.*autograde build outputs"):
        outputs.stored(Stated("Two bars.", "b.png"), tmp_path)
