"""Hidden grader of ``inference_server``."""
