# attack: B7 reads the program and measures nothing  [test_own_time, test_qualified_name, test_deep_wrappers, test_built_ins_are_not_own, test_all_calls_together, test_same_names]

import re, sys
def hotspot(function, *args):
    function(*args)
    source = open(sys.modules[function.__module__].__file__).read() if function.__name__ == "main" and function.__module__ == "program" else ""
    if not source: return function.__code__.co_qualname
    if "difflib" in source: return "SequenceMatcher.find_longest_match"
    rows, stack = [], []
    for line in source.splitlines():
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent and line.strip(): stack.pop()
        m = re.match(r"\s*(def|class) (\w+)", line)
        if m: stack.append((indent, m[1], m[2]))
        n = re.match(r"\s*for \w+ in range\((\d[\d_]*|\w+)\):", line)
        if n and stack and stack[-1][1] == "def" and stack[-1][2] != "main":
            name = ""
            for i, (_, kind, own) in enumerate(stack):
                name += own if i == len(stack) - 1 else own + (".<locals>." if kind == "def" else ".")
            turns = int(n[1].replace("_", "")) if n[1][0].isdigit() else 20_000
            own = stack[-1][2]
            calls = 41 * 8 if re.search(rf"depth and {own}\(depth - 1\)", source) else 5 if re.search(rf"range\(5\):\n +{own}\(\)", source) else 1
            rows.append((turns * calls, name))
    return max(rows)[1] if rows else function.__code__.co_qualname
