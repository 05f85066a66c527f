"""Hidden grader of ``array_cache``."""
