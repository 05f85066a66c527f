"""Hidden grader of ``retry``."""
