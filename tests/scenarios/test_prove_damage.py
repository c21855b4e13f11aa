"""A disk that changes a byte: the database is refused, with the way back in
the words, or nothing of what it says is wrong."""
import http.client
import json
import random
import shutil
import struct
import subprocess
import threading

import pytest

from conftest import BINARY, wait_for

LIST = ("attendees", "list", "sachsen/arbeit-2030", "--json")
FRAME = 24 + 4096


def last_transaction(log):
    """Where the last transaction of a log begins: what is wrong from there
    on looks like a power cut."""
    begins, at = 32, 32
    while at + FRAME <= len(log) and log[at + 8:at + 16] == log[16:24]:
        commit = struct.unpack(">I", log[at + 4:at + 8])[0]
        at += FRAME
        if commit and log[at + 8:at + 16] == log[16:24]:
            begins = at
    return begins


def differences(before, after):
    """Fields that are not what they were, and rows that are more or less."""
    if len(before) != len(after):
        return 1000
    rows = {r["reference"]: r for r in after}
    # What is no UTF-8 any more is left out of JSON.
    return sum(a[k] != rows.get(a["reference"], a).get(k) for a in before
               for k in a) + sum(r["reference"] not in rows for r in before)


def serve_for_a_moment(site):
    """True if it serves; then it has to answer, and to end, in order."""
    socket = site.folder / "run" / "control.sock"
    process = subprocess.Popen(
        [BINARY, "--config", site.folder / "convened.conf", "serve",
         "--no-courier"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True)
    try:
        wait_for(lambda: socket.exists() or process.poll() is not None)
        if process.poll() is None:
            for path in ("/de/", "/de/sachsen/arbeit-2030",
                         "/calendars/sachsen.ics"):
                assert site.client().get(path).status in (200, 500, 503)
            process.terminate()
    finally:
        words = process.communicate(timeout=30)[1]
    # 70: it stops by itself when it meets damage while it runs.
    assert process.returncode in (0, 69, 70), words
    return process.returncode == 0


def register_until_it_is_killed(site, people):
    """The log still holds what the last of them did."""
    def register(number):
        try:
            for i in range(1000):
                site.register(f"p{number}-{i}@example.org")
        except (OSError, http.client.HTTPException):
            return

    threads = [threading.Thread(target=register, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: site.count() > people)
    site.kill()
    for thread in threads:
        thread.join()


def somewhere(chance, length):
    """Every second one where a page says what is in it."""
    page = chance.randrange(length // 4096) * 4096
    return page + chance.randrange(chance.choice((64, 4096)))


def is_gone(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def put_back(site, kept):
    # The mail process of a server that was killed lives a moment longer.
    wait_for(lambda: is_gone(site.folder))
    shutil.copytree(kept, site.folder)
    (site.folder / "run").mkdir(exist_ok=True)


@pytest.mark.proof
@pytest.mark.parametrize("file", ["convened.db", "convened.db-wal"])
def test_flipped_bytes_are_refused_or_harmless(site, tmp_path, scale, file):
    register_until_it_is_killed(site, 20)
    kept = tmp_path / "kept"
    shutil.copytree(site.folder, kept, ignore=shutil.ignore_patterns("run",
                                                                   "mail"))
    put_back(site, kept)
    before = json.loads(site.run(*LIST).stdout)
    if file == "convened.db":  # all of it is in the file now
        shutil.rmtree(kept)
        shutil.copytree(site.folder, kept)
    whole = (kept / file).read_bytes()
    torn = last_transaction(whole) if file.endswith("-wal") else len(whole)
    assert torn > 4096
    chance = random.Random(f"{file} 3")
    refused = harmless = typo = lost = 0
    for i in range(scale(20, 200)):
        put_back(site, kept)
        at = somewhere(chance, len(whole))
        with open(site.folder / file, "r+b") as out:
            out.seek(at)
            out.write(bytes([whole[at] ^ chance.randrange(1, 256)]))
        done = site.run(*LIST, check=False)
        assert done.returncode in (0, 65, 69), (at, done)
        if done.returncode:
            assert "convened restore" in done.stderr, (at, done.stderr)
            refused += 1
        else:
            changed = differences(before, json.loads(done.stdout))
            # SQLite has no checksums of pages: a letter within somebody's
            # name is a typing error to it, but never more than that one.
            assert changed <= 1 or at >= torn, (at, changed)
            typo += changed == 1
            lost += changed > 1
            harmless += changed == 0
        if i % 5 == 0:
            serve_for_a_moment(site)
    print(f"{file}: {refused} refused, {harmless} harmless, {typo} within "
          f"one text, {lost} as after a power cut")
    assert refused
    put_back(site, kept)
    site.start()
    assert site.count() == len(before)
