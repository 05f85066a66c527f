"""What is mounted behind the wall, and nothing else. Imports nothing from outside this package."""
