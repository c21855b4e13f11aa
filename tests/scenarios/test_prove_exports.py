"""Twenty people take the list home while others register: nobody waits, and
the write-ahead log stays small (RELIABILITY G17)."""
import concurrent.futures
import csv
import io
import threading
import time
import zipfile

import pytest

import crowd
from conftest import Client, Site
from test_desk import CSV, LIST, sign_in

pytestmark = pytest.mark.proof

XLSX = LIST + "/attendees.xlsx"
EXPORTS = 20
MIB = 1 << 20


class Watch:
    """The largest size of the write-ahead log, until it is left."""

    def __init__(self, folder):
        self.path = next(folder.rglob("convened.db")).with_name(
            "convened.db-wal")
        self.most = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        while not self.over.wait(0.02):
            self.most = max(self.most, self.path.stat().st_size)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def take_home(client, path):
    """The answer, and how often it was too early."""
    for refused in range(10_000):
        answer = client.get(path)
        if answer.status == 200:
            return answer, refused
        assert answer.status == 503 and "retry-after" in answer.headers
        time.sleep(0.1)
    raise AssertionError("never had a turn")


def register_until(port, action, values, email, over):
    """In a process of its own, so that only the server is measured: the
    seconds that each registration took until the file `over` is there."""
    took, client = [], Client(port)
    while not over.exists():
        address = f"during{len(took)}@example.org"
        began = time.monotonic()
        answer = client.post(action, {**values, email: address})
        took.append(time.monotonic() - began)
        assert answer.status == 303, answer.text
    return took


def rows_in(answer, path):
    if path == CSV:
        text = answer.body.decode("utf-8-sig")
        return [r[0] for r in csv.reader(io.StringIO(text, newline=""),
                                         delimiter=";")][1:]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").split(b"<row ")[2:]


def test_exports_hold_up_nobody(tmp_path, scale):
    people, patience = scale(3000, 50_000), scale(2.0, 0.2)
    site = Site(tmp_path / "demo").start()
    site.set_seats(onsite=100_000)
    site.stop()
    crowd.fill(site.folder, people)
    site.start()
    desk, _ = sign_in(site)
    action, values = site.filled_form("x@example.org")
    email = next(k for k, v in values.items() if v == "x@example.org")
    over = tmp_path / "over"
    paths = [XLSX if i % 4 == 3 else CSV for i in range(EXPORTS)]
    with concurrent.futures.ProcessPoolExecutor(1) as visitor, \
            concurrent.futures.ThreadPoolExecutor(EXPORTS) as pool, \
            Watch(site.folder) as log:
        visits = visitor.submit(register_until, site.port, action, values,
                                email, over)
        try:
            lists = list(pool.map(lambda path: take_home(desk, path), paths))
        finally:
            over.touch()
        took = sorted(visits.result())
    for (answer, _), path in zip(lists, paths):
        rows = rows_in(answer, path)
        assert people <= len(rows) <= people + len(took)
        assert len(set(rows)) == len(rows)
    # Only two at a time.
    assert sum(refused for _, refused in lists) > 0
    p99 = took[len(took) * 99 // 100]
    deeds = [deed for deed, _ in crowd.audited(site.folder)]
    assert deeds.count("export") == EXPORTS
    assert site.count("--search", "during") == len(took)
    site.stop()
    print(f"\n{EXPORTS} exports of {people} rows, {len(took)} registrations "
          f"meanwhile: p50 {took[len(took) // 2] * 1000:.1f} ms, p99 "
          f"{p99 * 1000:.1f} ms, log at most {log.most / MIB:.1f} MiB")
    assert len(took) >= 50
    assert p99 < patience
    assert 0 < log.most <= 64 * MIB
