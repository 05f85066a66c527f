"""For those who write a course: lessons, stubs, class bundles, audit, mutation, coverage."""
