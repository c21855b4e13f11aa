"""People by command: added, listed and taken home, each time written down."""
import csv
import io
import json
import signal
import stat
import subprocess
import time

import openpyxl
import pytest

from conftest import BINARY, SANITIZED, wait_for
from test_cancelled_meeting import database, fill

NAME = "sachsen/arbeit-2030"


def add(site, *words, check=True):
    return site.run("attendees", "add", NAME, "--mode", "onsite", *words,
                    check=check)


def export(site, path, *words, check=True):
    return site.run("attendees", "export", NAME, "--output", str(path),
                    *words, check=check)


def audited(site, deed):
    with database(site) as db:
        return db.execute("SELECT actor, amount FROM audit WHERE deed = ?"
                          " ORDER BY id", (deed,)).fetchall()


def table(path):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_somebody_added_is_as_if_she_had_come_by_the_form(site):
    done = add(site, "--family", "Łęcka-Müller", "--given", "Zofia",
               "--email", "zofia@example.org", "--lang", "en")
    assert "registered" in done.stdout and not done.stderr
    letters = site.letters_to("zofia@example.org", 2)
    assert all(m["Content-Language"] == "en" for m in letters)
    assert site.count("--search", "mueller") == 1
    again = add(site, "--family", "Łęcka-Müller", "--given", "Zofia",
                "--email", "Zofia@example.org", check=False)
    assert again.returncode == 65 and "already registered" in again.stderr
    assert audited(site, "register") == [(-1, 0)]


def test_who_has_no_address_gets_a_seat_and_no_letter(site):
    done = add(site, "--family", "Muster")
    assert "no letters" in done.stderr
    assert site.count("--state", "registered") == 1
    time.sleep(0.3)
    assert not site.letters()


def test_a_full_meeting_is_full_for_organisers_too(site):
    site.set_seats(onsite=1, online=0)
    add(site, "--family", "Erste")
    done = add(site, "--family", "Zweite", check=False)
    assert done.returncode == 65 and "all 1 seats" in done.stderr
    assert site.count() == 1


@pytest.fixture
def filled(site):
    for family, address in (("Müller", "m@example.org"),
                            ("=SUM(A1)", "a@example.org"),
                            ("Ärmel", "z@example.org")):
        add(site, "--family", family, "--email", address, "--no-letters",
            "--organisation", "Werk; mit \"Zeichen\"")
    return site


def test_the_list_goes_into_a_file_of_its_owner(filled, tmp_path):
    path = tmp_path / "liste.csv"
    done = export(filled, path)
    assert "3 people" in done.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = table(path)
    assert len(rows) == 4 and "Müller" in sum(rows, [])
    assert "'=SUM(A1)" in sum(rows, [])
    assert audited(filled, "export") == [(-1, 3)]
    assert [p.name for p in tmp_path.iterdir()
            if p.name.startswith("liste")] == ["liste.csv"]


def test_what_is_there_is_not_overwritten_unasked(filled, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("mine")
    done = export(filled, path, check=False)
    assert done.returncode == 73 and "--force" in done.stderr
    assert path.read_text() == "mine"
    assert audited(filled, "export") == []
    export(filled, path, "--force")
    assert len(table(path)) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    done = export(filled, tmp_path / "nowhere" / "x.csv", check=False)
    assert done.returncode == 73


def test_filters_and_columns_are_the_desks(filled, tmp_path):
    path = tmp_path / "ein.csv"
    export(filled, path, "--search", "muller", "--columns",
           "family_name,email")
    assert table(path)[1:] == [["Müller", "m@example.org"]]
    done = export(filled, tmp_path / "x.csv", "--columns", "shoe_size",
                  "--mode", "zoom", check=False)
    assert done.returncode == 65
    assert "shoe_size" in done.stderr
    assert not (tmp_path / "x.csv").exists()


def test_the_ending_says_the_format_or_the_option_does(filled, tmp_path):
    export(filled, tmp_path / "liste.json")
    rows = json.loads((tmp_path / "liste.json").read_text("utf-8"))
    assert {r["family_name"] for r in rows} == {"Müller", "=SUM(A1)",
                                                "Ärmel"}
    export(filled, tmp_path / "liste.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "liste.xlsx").worksheets[0]
    cells = [c.value for row in sheet.iter_rows() for c in row]
    assert "=SUM(A1)" in cells or "'=SUM(A1)" in cells
    assert not [c for row in sheet.iter_rows() for c in row
                if c.data_type == "f"]
    export(filled, tmp_path / "liste.txt", "--format", "json")
    assert json.loads((tmp_path / "liste.txt").read_text("utf-8")) == rows


def test_standard_output_holds_the_list_and_nothing_else(filled):
    done = export(filled, "-", "--format", "json")
    assert len(json.loads(done.stdout)) == 3
    assert "3 people" in done.stderr


def test_with_and_without_a_server_it_is_the_same(filled, tmp_path):
    export(filled, tmp_path / "a.csv")
    shown = filled.run("attendees", "list", NAME).stdout
    filled.stop()
    done = export(filled, tmp_path / "b.csv", "--json")
    assert json.loads(done.stdout) == {"meeting": NAME, "rows": 3,
                                       "file": str(tmp_path / "b.csv")}
    assert (tmp_path / "a.csv").read_bytes() == \
        (tmp_path / "b.csv").read_bytes()
    assert filled.run("attendees", "list", NAME).stdout == shown
    assert audited(filled, "export") == [(-1, 3), (-1, 3)]
    filled.start()


def test_the_list_is_in_the_order_of_names_and_written_down(filled):
    rows = json.loads(filled.run("attendees", "list", NAME,
                                 "--json").stdout)
    assert [r["family_name"] for r in rows] == ["=SUM(A1)", "Ärmel",
                                                "Müller"]
    assert all(r["registered"].endswith("Z") for r in rows)
    filled.run("attendees", "list", NAME, "--search", "muller")
    assert audited(filled, "list") == [(-1, 3), (-1, 1)]


@pytest.mark.proof
def test_a_long_list_holds_nobody_up(own_site, tmp_path, scale):
    """The server reads it in slices, beside its loop and its writer, and does
    not keep it."""
    people = scale(20000, 100000)
    site = own_site.start()
    site.run("meeting", "copy", NAME, "sachsen/andere", "--date",
             "2028-03-05")
    site.run("meeting", "edit", "sachsen/andere", "--onsite", "100000")
    site.run("meeting", "publish", "sachsen/andere")
    site.stop()
    fill(site, people)
    site.start()
    site.register("warm@example.org", meeting="sachsen/andere")
    before = memory(site)
    exports = [subprocess.Popen([str(BINARY), "--config",
                                 str(site.folder / "convened.conf"),
                                 "attendees", "export", NAME, "--output",
                                 str(tmp_path / f"liste{i}.json")],
                                stdout=subprocess.DEVNULL)
               for i in range(2)]
    waits = []
    while any(e.poll() is None for e in exports):
        begun = time.monotonic()
        assert site.register(f"x{len(waits)}@example.org",
                             meeting="sachsen/andere").status in (303, 409)
        waits.append(time.monotonic() - begun)
    assert [e.returncode for e in exports] == [0, 0]
    for i in range(2):
        rows = json.loads((tmp_path / f"liste{i}.json").read_text("utf-8"))
        assert len({r["reference"] for r in rows}) == people
    assert waits and max(waits) < 2, max(waits)
    if not SANITIZED:  # it keeps what is freed
        assert memory(site) - before < 64 << 20
    assert len(json.loads(site.run("attendees", "list", NAME,
                                   "--json").stdout)) == people
    site.stop()


def memory(site):
    """The most that the server has held so far, in bytes."""
    for line in open(f"/proc/{site.process.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


def test_who_hangs_up_leaves_nothing_behind(own_site, tmp_path):
    site = own_site.start()
    site.stop()
    fill(site, 30000)
    site.start()
    out = tmp_path / "out"
    out.mkdir()
    asking = subprocess.Popen([str(BINARY), "--config",
                               str(site.folder / "convened.conf"),
                               "attendees", "export", NAME, "--output",
                               str(out / "liste.csv")])
    wait_for(lambda: list(out.iterdir()), 20, "the file", pause=0.001)
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    assert not (out / "liste.csv").exists()
    for part in out.iterdir():
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert export(site, out / "liste.csv").returncode == 0
    site.stop()
