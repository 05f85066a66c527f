"""Pictures in lessons carry words."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.authoring import pictures

pytest.importorskip("IPython")


def test_the_words_are_the_alt_text_and_the_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot

    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    figure, axes = pyplot.subplots(figsize=(4, 2))
    axes.plot([1, 2])
    pictures.show(figure, 'Copies run "ahead" & <early>.')
    (data,) = shown
    assert data["text/plain"] == 'Copies run "ahead" & <early>.'
    assert 'alt="Copies run &quot;ahead&quot; &amp; &lt;early&gt;."' in data["text/html"]
    assert 'src="data:image/png;base64,iVBOR' in data["text/html"]
    assert pyplot.get_fignums() == []
