# wrong: every upper-case word of dis's text is an opcode  [test_names_are_no_instructions]
import collections
import contextlib
import dis
import io
import re


def opcode_census(function):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        dis.dis(function)
    words = re.findall(r"\b[A-Z][A-Z_]+\b", text.getvalue())
    return collections.Counter(word for word in words if word in dis.opmap)
