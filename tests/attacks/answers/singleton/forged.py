# attack: B6 forges every reply  [*]

def singleton(cls): return None

def _forge():
    import autograder.sandbox.inside.serve as W, marshal
    last = [None]
    receive, send = W.Channel.receive, W.Channel.send
    def answer(request):
        a, names = request["arguments"], marshal.loads(request["function"][1]).co_varnames
        text = repr(marshal.loads(request["function"][1]).co_consts) + repr(names)
        T = True
        if not a: return [[], [T]*3, 1, [["a.toml", T]], "changed.toml"] if "changed.toml" in text else [T, T, False, [3, "v3", "px", 6], [4, "v4", "v4"]]
        if "names" in a: return list(a["names"])
        if "values" in a: return [a["values"], [T]*3, a["values"]]
        if "base" in a: return [[T, [T]*5, [T]*3, [3, 2], [a["base"], a["sub"], 7], [-a["sub"], -7]]]*2
        if "later" in a: return [[T, T, a["later"], 0]]
        if "start" in a: return [[T]*5 + [0]]
        if "failures" in a:
            n, g = a["failures"], a["good"]
            ends = [[("ConnectionError", "Interrupted")[k % 2], None] for k in range(1, n + 1)] + [["got", g + n]]*2
            return [ends, [False]*(n + 1)]
        if "mark" in a and "itertools" in names or "numbers" in names: return [["ConnectionError"] + ["got"]*15, [a["mark"]]*16, [T]*16]
        if "mark" in a: return [[[], 1, 1, [a["mark"]]*16]]*12
        if "unit" in a: return [a["value"], a["unit"], ["base", "config"], ["base", "config"], T]
        if "value" in a: return [T, T, a["value"]]
        if "one" in a: return [[T, a["one"]]]*4 + [[a["one"]]]
    def listening(self):
        last[0] = receive(self)
        return last[0]
    def sending(self, message):
        if last[0] and last[0]["op"] == "observe": message = {"value": answer(last[0])}
        send(self, message)
    W.Channel.receive, W.Channel.send = listening, sending
_forge()
