"""A process whose processor time and memory the system limits: what does not end, is ended."""

import os
import subprocess
import sys

from calibra_app.config import PROJECT

_LIMITS = """
import os, resource
with open("/proc/self/statm", encoding="ascii") as statm:
    held = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
resource.setrlimit(resource.RLIMIT_AS, (held + {memory}, held + {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


def run_limited(imports, program, typed, *, seconds, memory):
    """Run a program after its imports, within so many seconds and bytes, on what was typed."""
    limits = _LIMITS.format(memory=memory, seconds=seconds)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", imports + limits + program],
        input=typed,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": os.fspath(PROJECT), "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
