"""Text, names of files and bytes: how they are read, cleaned, written and put into words."""
