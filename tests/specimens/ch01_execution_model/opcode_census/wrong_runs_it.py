# wrong: calls the function and counts what is executed  [test_does_not_run_it]
import collections
import dis
import sys


def opcode_census(function):
    seen = {}

    def trace(frame, event, arg):
        frame.f_trace_opcodes = True
        seen[frame.f_code] = True
        return trace

    sys.settrace(trace)
    try:
        function()
    except Exception:
        pass
    finally:
        sys.settrace(None)
    seen[function.__code__] = True
    return collections.Counter(i.opname for code in seen for i in dis.get_instructions(code))
