"""Grading a class: which jobs there are, who does them, and where results are stored."""
