# right: torch.accelerator, torch.Stream and torch.Event; the host waits for the one copy
from collections import deque

import torch
from torch import accelerator
from torch.utils._pytree import tree_map_only


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if not depth >= 1:
            raise ValueError(f"depth: {depth}")
        self.loader = loader
        self.depth = depth
        self.device = torch.device(device)
        self.active = accelerator.is_available() and (
            accelerator.current_accelerator().type == self.device.type
        )

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        return self._run() if self.active else (batch for batch in self.loader)

    def _run(self):
        copies = torch.Stream(device=self.device)
        pending = deque()

        def finish():
            batch, done = pending.popleft()
            done.synchronize()
            stream = accelerator.current_stream()
            tree_map_only(torch.Tensor, lambda t: t.record_stream(stream), batch)
            return batch

        def start(batch):
            with copies:
                moved = tree_map_only(
                    torch.Tensor, lambda t: t.pin_memory().to(self.device, non_blocking=True), batch
                )
                done = torch.Event(device=self.device)
                done.record(copies)
            pending.append((moved, done))

        problem = None
        iterator = iter(self.loader)
        while True:
            try:
                batch = next(iterator)
            except StopIteration:
                break
            except Exception as error:
                problem = error
                break
            start(batch)
            if len(pending) > self.depth:
                yield finish()
        while pending:
            yield finish()
        if problem:
            raise problem
