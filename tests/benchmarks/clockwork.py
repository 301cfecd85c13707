"""Times two things turn by turn, so that whatever else the machine does falls on both alike."""

import statistics
import time
from collections.abc import Callable


def ratio(name: str, ours: Callable[[], object], line: Callable[[], object], *, turns: int, most: float) -> float:
    """Medians of `turns` runs of each; prints both in ms and fails when ours takes over `most` times the line. Ours, in
    ms, is the answer."""
    mine, limit = [], []
    for _ in range(turns):
        mine.append(_seconds(ours))
        limit.append(_seconds(line))
    ours_ms, line_ms = (statistics.median(times) * 1000 for times in (mine, limit))
    print(f"\n{name}: {ours_ms:.3f} ms, limit line {line_ms:.3f} ms, ratio {ours_ms / line_ms:.2f} (at most {most})")
    assert ours_ms <= most * line_ms
    return ours_ms


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
