# wrong: makes equal what only looks equal  [test_any_text]
import sys, unicodedata


def intern_labels(labels):
    return [sys.intern(unicodedata.normalize("NFC", x)) for x in map(sys.intern, labels)]
