#!/usr/bin/python3
"""Other people's parsers read every kind of calendar that we write.

usage: calendars_check.py [--npm] [SAMPLES-PROGRAM]

Without --npm the judges are icscheck itself, python3-icalendar and
python3-vobject; with it also ical.js and node-ical, which
tests/tools/icscheck-setup.sh installs. What is missing is a failure.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ICSCHECK = os.path.join(HERE, "tools", "icscheck.py")
SETUP = os.path.join(HERE, "tools", "icscheck-setup.sh")
MISSING = 3

# Files, and what icscheck must be told of them.
RUNS = (
    (("feed-zones.ics",), ()),
    (("feed-switches.ics",), ()),
    (("feed-texts.ics",), ()),
    (("feed-folds.ics",), ()),
    (("feed-states.ics",), ()),
    (("feed-empty.ics",), ()),
    (("download.ics",), ("--no-feed-meta",)),
    (("invite-1.ics", "invite-2.ics", "invite-3.ics"), ("--chain",)),
)


def judge(folder, files, options):
    paths = [os.path.join(folder, name) for name in files]
    done = subprocess.run(
        ["/usr/bin/python3", ICSCHECK, "--strict", *options, *paths])
    if done.returncode == MISSING:
        print("a parser is missing: run", SETUP)
    return done.returncode


def main(arguments):
    options = ("--no-js",)
    if arguments[:1] == ["--npm"]:
        options, arguments = (), arguments[1:]
    program = arguments[0] if arguments else "tests/calendars_samples"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.path.abspath(program), folder], check=True)
        left = set(os.listdir(folder))
        faults = 0
        for files, more in RUNS:
            left -= set(files)
            faults += judge(folder, files, options + more) != 0
        if left:
            print("written, but judged by nobody:", *sorted(left))
        return 1 if faults or left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
