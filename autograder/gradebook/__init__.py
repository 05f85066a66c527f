"""nbgrader's gradebook, filled with our marks: configuration, ingestion, release.

nbgrader's converters, database, formgrader and exports are used as they are. What is ours is
named in ``course/nbgrader_config.py``: an exporter that reads submitted notebooks whatever
state they are in, a preprocessor that puts finished results where execution would have put
outputs, and a way to keep solutions out of releases.
"""
