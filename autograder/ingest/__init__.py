"""Strangers' files to answers: downloads of an LMS, folders, archives, notebooks."""
