"""What a run was measured on, and the memory of a process; read from Linux's /proc."""

import os
import platform
import re
from pathlib import Path
from typing import Any, NamedTuple

from eval.speed.measured import NotMeasured

PROC = Path("/proc")
CGROUP = Path("/sys/fs/cgroup")
KIB_PER_MB = 1000 * 1000 / 1024
RESET_PEAK = "5"
"""Written to `clear_refs`, it lets the peak of a process begin anew."""


class Memory(NamedTuple):
    """Resident memory in MB: now, and at its highest."""

    rss_mb: float
    peak_mb: float


def facts() -> dict[str, Any]:
    """The processor, its cores, the memory, and how busy the machine is at the moment."""
    return {
        "processor": _first(r"model name\s*:\s*(.+)", "cpuinfo") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        "memory GiB": round(int(_first(r"MemTotal:\s*(\d+)", "meminfo") or 0) / 1024**2, 1),
        "load average at start": load(),
    }


def load() -> tuple[float, ...]:
    """Runnable processes on average over 1, 5 and 15 minutes."""
    return tuple(round(value, 2) for value in os.getloadavg())


def memory(pid: int | str = "self") -> Memory:
    """What a process holds; raises NotMeasured where there is no /proc or no such process."""
    try:
        status = (PROC / str(pid) / "status").read_text("utf-8")
    except OSError as error:
        raise NotMeasured(f"the memory of process {pid} cannot be read: {error}") from error
    return parsed(status)


def available() -> int | None:
    """Bytes that this process may still take, by the machine and its container; None if unknown."""
    free = _first(r"MemAvailable:\s*(\d+)", "meminfo")
    if free is None:
        return None
    try:
        most, taken = (
            (CGROUP / f"memory.{name}").read_text("ascii") for name in ("max", "current")
        )
        return min(int(free) * 1024, max(0, int(most) - int(taken)))
    except (OSError, ValueError):
        return int(free) * 1024


def parsed(status: str) -> Memory:
    """The memory that the text of `/proc/PID/status` tells."""
    kib = {name: int(n) for name, n in re.findall(r"^(Vm\w+):\s+(\d+) kB$", status, re.M)}
    return Memory(
        round(kib.get("VmRSS", 0) / KIB_PER_MB, 1), round(kib.get("VmHWM", 0) / KIB_PER_MB, 1)
    )


def forget_peak() -> None:
    """Let the peak of this process begin anew, where the system can."""
    try:
        (PROC / "self/clear_refs").write_text(RESET_PEAK, "ascii")
    except OSError:
        return


def _first(pattern: str, file: str) -> str | None:
    try:
        match = re.search(pattern, (PROC / file).read_text("utf-8"))
    except OSError:
        return None
    return match[1].strip() if match else None
