#!/usr/bin/python3
"""Measures this build against ceilings of the same run: nginx, SQLite,
smtp-source, sqlite3 -csv, libxlsxwriter. Prints a table and writes
BUILD/bench.json.

usage: bench.py BUILD [p1] [p3] [p6] [p7] [p8] [p9] [p10]

Exit: 0 all were measured, whatever came out; 1 something did not run.
"""
import importlib
import json
import pathlib
import platform
import shutil
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import house  # noqa: E402

PARTS = {
    "p1": "p1_pages",  # and P2
    "p3": "p3_signups",  # and P4
    "p6": "p6_letters",
    "p7": "p7_exports",
    "p8": "p8_feeds",
    "p9": "p9_idle",
    "p10": "p10_lists",
}


def main(words):
    if len(words) < 2 or not set(words[2:]) <= set(PARTS):
        sys.stderr.write(__doc__)
        return 64
    folder = tempfile.mkdtemp(prefix="convened-bench-")
    bench = house.Bench(words[1], folder)
    began, failed = time.time(), []
    print(house.HEAD, flush=True)
    for part in words[2:] or PARTS:
        try:
            importlib.import_module(PARTS[part]).measure(bench)
        except Exception:  # the other parts are worth having
            traceback.print_exc()
            failed.append(part)
    (bench.build / "bench.json").write_text(json.dumps({
        "at": int(began), "seconds": round(time.time() - began),
        "machine": platform.platform(), "rows": bench.rows,
        "failed": failed}, indent=1))
    shutil.rmtree(folder)
    missed = sum(row["met"] is False for row in bench.rows)
    print(f"{len(bench.rows)} figures in {time.time() - began:.0f} s, "
          f"{missed} miss their goal"
          + (f"; did not run: {' '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
