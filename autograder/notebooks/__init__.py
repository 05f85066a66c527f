"""Names that lesson notebooks import."""
