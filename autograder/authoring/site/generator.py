"""The pages' text -> HTML, with Sphinx."""

from __future__ import annotations

import io
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

from autograder.authoring.site.settings import Settings, SiteError

_HERE = Path(__file__).resolve().parent
_INDEXES = {"search", "genindex", "py-modindex"}
_EXTENSIONS = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
_EXTENSIONS += ["autograder.authoring.site.extension"]


def configuration(title: str, settings: Settings) -> dict[str, Any]:
    """The values of Sphinx's ``conf.py``."""
    theme: dict[str, Any] = {"navigation_with_keys": True}
    if settings.repository:
        theme["source_repository"] = f"{settings.repository}/"
    return {
        "project": title,
        "html_title": title,
        "extensions": _EXTENSIONS,
        "html_theme": "furo",
        "html_theme_options": theme,
        "html_baseurl": settings.address,
        "html_static_path": [str(_HERE / "static")],
        "html_css_files": ["kata.css"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_permalinks_icon": "#",
        "pygments_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
        "nb_execution_mode": "off",  # the cells have been run
        "nb_code_prompt_show": "Predict first. Then show what it prints",
        "nb_code_prompt_hide": "Hide what it prints",
        "myst_enable_extensions": ["colon_fence"],
        "myst_heading_anchors": 5,
        "suppress_warnings": ["myst.header", "misc.highlighting_failure"],
        "copybutton_prompt_text": r">>> |\.\.\. |\$ ",
        "copybutton_prompt_is_regexp": True,
        "autodoc_member_order": "bysource",
        "autodoc_typehints": "signature",
        "templates_path": [str(_HERE / "templates")],
        "keep_warnings": False,
    }


def conf_py(values: dict[str, Any]) -> str:
    """The text of ``conf.py``. Given any other way, settings of a theme are unknown to Sphinx."""
    return "".join(f"{name} = {value!r}\n" for name, value in values.items())


def generate(source: Path, out: Path, work: Path) -> None:
    """Write HTML of ``source``, with its ``conf.py``, into ``out``; ``work`` keeps what a later
    build need not repeat.

    :class:`SiteError` with Sphinx's warnings, a link that leads nowhere among them.
    """
    kept = work / "doctrees"
    again = kept.is_dir()
    complaints = _complaints(source, out, kept)
    if complaints and again:  # what Sphinx kept may be of pages that have moved
        shutil.rmtree(kept)
        complaints = _complaints(source, out, kept)
    if complaints:
        shutil.rmtree(kept, ignore_errors=True)  # of a page that it kept, Sphinx warns no more
        raise SiteError("\n".join(["pages with faults:", *complaints]))
    written = {path.relative_to(source).with_suffix(".html") for path in source.rglob("*.*")}
    for page in out.rglob("*.html"):
        if page.relative_to(out) not in written and page.stem not in _INDEXES:
            page.unlink()  # of an earlier build


def _complaints(source: Path, out: Path, kept: Path) -> list[str]:
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError

    said = io.StringIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Sphinx's extensions about each other
            Sphinx(source, source, out, kept, "html", status=None, warning=said).build(
                force_all=True  # sidebars of pages that are the same list pages that are not
            )
    except SphinxError as error:
        return [str(error)]
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in said.getvalue().splitlines()]
    return [line.replace(f"{source}/", "") for line in lines if line.strip()]
