"""The answers in notebooks, taken from their cells without running any of them."""
