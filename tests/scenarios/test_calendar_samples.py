"""Every kind of calendar that can be written, before five parsers."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CONVENED_BUILD", ROOT / "build"))


def test_all_parsers_read_every_kind_of_calendar_alike():
    """Those of npm too, unless CONVENED_NO_NPM says that there are none."""
    words = [] if os.environ.get("CONVENED_NO_NPM") else ["--npm"]
    done = subprocess.run(
        ["/usr/bin/python3", str(ROOT / "tests" / "calendars_check.py"),
         *words, str(BUILD / "tests" / "calendars_samples")],
        capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
