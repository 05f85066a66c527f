"""The course as a static site: lessons with what their cells show, exercises, guides, API."""
