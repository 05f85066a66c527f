"""Notebooks: lessons made into them, and answers taken out of them."""
