"""P7: the list as CSV against `sqlite3 -csv` of the same columns, as XLSX
against a bare loop over libxlsxwriter."""
import os
import resource
import subprocess
import time

from fill import fill
from house import House, median, memory_kib

CSV_PEOPLE, XLSX_PEOPLE = 300000, 100000
ROUNDS = 3
LIST = "/de/desk/bench/arbeit/attendees."
# Without a choice the list has fewer columns than SAME.
ALL = "?" + "&".join("col=" + c for c in (
    "reference", "state", "mode", "email", "organisation", "position",
    "bench", "lang", "registered", "cancelled"))
SAME = """SELECT r.reference, CASE r.state WHEN 2 THEN 'angemeldet' WHEN 3
    THEN 'wartet' WHEN 4 THEN 'abgemeldet' END, CASE r.mode WHEN 0 THEN
    'vor Ort' ELSE 'online' END, p.title, p.given_name, p.family_name,
    p.address, p.organisation, p.position, (SELECT name_de FROM bench b WHERE
    b.id = p.bench_id), CASE r.lang WHEN 0 THEN 'de' ELSE 'en' END,
    strftime('%Y-%m-%d %H:%M', r.created_at, 'unixepoch'),
    CASE WHEN r.cancelled_at > 0 THEN strftime('%Y-%m-%d %H:%M',
    r.cancelled_at, 'unixepoch') END
    FROM registration r JOIN person p ON p.id = r.person_id
    WHERE r.meeting_id = 1 ORDER BY r.id"""


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_other(words):
    before, start = children_cpu(), time.monotonic()
    with open(os.devnull, "w") as nowhere:
        subprocess.run(words, stdout=nowhere, check=True)
    return time.monotonic() - start, children_cpu() - before


def fetch(house, desk, kind):
    """Seconds, CPU seconds, seconds to the first byte, KiB more than
    before."""
    reset = open(f"/proc/{house.pid}/clear_refs", "w")
    reset.write("5")  # VmHWM begins anew
    reset.close()
    memory, cpu = memory_kib(house.pid), house.cpu()
    first, took, length = desk.get(LIST + kind + ALL)
    return {"took": took, "cpu": (house.cpu() - cpu) / 1e6, "first": first,
            "more": memory_kib(house.pid, "VmHWM") - memory,
            "length": length}


def compare(bench, house, desk, kind, people, other, limit, most_kib):
    desk.get(LIST + kind + ALL)
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(fetch(house, desk, kind))
        theirs.append(run_other(other))
    took, cpu, first = (median(r[k] for r in mine)
                        for k in ("took", "cpu", "first"))
    name = f"{kind.upper()} of {people:,}"
    bench.row("P7", f"{name}, {mine[0]['length'] >> 20} MiB",
              f"{took * 1000:.0f} ms",
              f"{median(t[0] for t in theirs) * 1000:.0f} ms",
              took / median(t[0] for t in theirs), limit,
              note=os.path.basename(other[0]))
    bench.row("P7", f"{name}, CPU", f"{cpu * 1000:.0f} ms",
              f"{median(t[1] for t in theirs) * 1000:.0f} ms",
              cpu / median(t[1] for t in theirs))
    more = max(r["more"] for r in mine)
    bench.row("P7", f"{name}, memory meanwhile", f"{more / 1024:.1f} MiB",
              f"{most_kib / 1024:.0f} MiB", more / most_kib, 1)
    return first


def measure(bench):
    house = House(bench, "export").furnish()
    fill(house.database, "people", XLSX_PEOPLE)
    house.start()
    desk = house.desk()
    csv = bench.folder / "list.csv"
    connection = desk.open(LIST + "csv" + ALL)
    csv.write_bytes(connection.read())
    compare(bench, house, desk, "xlsx", XLSX_PEOPLE,
            [str(bench.build / "tests/bench/xlsx_ceiling"), str(csv),
             str(bench.folder / "list.xlsx")], 1.15, 16 * 1024)
    house.stop()
    fill(house.database, "people", CSV_PEOPLE - XLSX_PEOPLE)
    house.start()
    desk = house.desk()
    first = compare(bench, house, desk, "csv", CSV_PEOPLE,
                    ["/usr/bin/sqlite3", "-csv", str(house.database), SAME],
                    0.65, 4 * 1024)
    bench.row("P7", "first byte of the CSV", f"{first * 1000:.0f} ms",
              "50 ms", first * 1000 / 50, 1)
    house.stop()
