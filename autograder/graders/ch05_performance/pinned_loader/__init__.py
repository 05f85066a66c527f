"""Hidden grader of ``pinned_loader``.

There is no GPU in most places where this runs. ``fake_cuda`` stands in for one inside the
student's process: it logs what is pinned, copied, recorded and handed over, and it is as slow
as a device may be. A copy stays in flight until something waits for it, so a wait that is missing
and a buffer that is reused too early both show as wrong values.
"""
