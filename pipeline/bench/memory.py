"""Peak memory of a program: a process of its own does the work, and prints what it held at the most."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

MEGABYTE = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss counts bytes there, kilobytes elsewhere


def peak_of(module: str, *arguments: str) -> float:
    """Peak memory in MB of a fresh process: `python -m module arguments`, which ends by printing its `own_peak`."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1])


def own_peak() -> float:
    """Peak memory of this process in MB. Linux hands a parent's ru_maxrss down to its child, so there the kernel's
    high-water mark of this program alone is asked first."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
