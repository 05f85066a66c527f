# wrong: the second word of each line of dis's text  [test_one_function]
import collections
import dis
import io


def opcode_census(function):
    out = io.StringIO()
    dis.dis(function, file=out)
    rows = [line.split() for line in out.getvalue().splitlines()]
    return collections.Counter(row[1] for row in rows if len(row) > 1)
