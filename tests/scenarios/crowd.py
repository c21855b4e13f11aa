"""A great many people at the demo's annual meeting, written straight into the
database of a server that stands still."""
import secrets
import sqlite3

FAMILIES = ("Abt", "Beck", "Conrad", "Dorn", "Ernst", "Frank", "Gerlach",
            "Hartmann", "Ihle", "Jahn", "Kern", "Lorenz", "Martin", "Nitsch")
STATES = {"registered": 2, "cancelled": 4}
BETWEEN = "\x1f"


def person(i):
    family = FAMILIES[i * 7 % len(FAMILIES)] + f"-{i * 31 % 5003}"
    return {"family": family, "given": f"Kim {i % 97}",
            "organisation": f"Verband {i * 13 % 1009}",
            "address": f"p{i}@example.org", "reference": f"P{i:06d}"}


def fill(folder, count, at=1_790_000_000):
    """The server must be stopped. Every tenth has cancelled, every third is
    online; one comes in each second."""
    db = sqlite3.connect(next(folder.rglob("convened.db")))
    meeting, = db.execute("SELECT id FROM meeting WHERE slug = 'arbeit-2030'"
                          ).fetchone()
    benches = [b for b, in db.execute(
        "SELECT b.id FROM bench b JOIN meeting m USING (alliance_id)"
        " WHERE m.id = ? ORDER BY b.id", (meeting,))]
    top = [db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {t}").fetchone()
           [0] for t in ("party", "person", "registration")]
    with db:
        for i in range(count):
            p = person(i)
            bench = benches[i % len(benches)] if i % 4 else None
            party, who, row = (n + i for n in top)
            search = BETWEEN.join((
                p["family"], p["given"], p["organisation"], p["address"],
                p["reference"])).lower()
            db.execute("INSERT INTO party VALUES (?, ?, ?)",
                       (party, meeting, at + i))
            db.execute(
                "INSERT INTO person (id, given_name, family_name, title,"
                " address, organisation, position, bench_id)"
                " VALUES (?, ?, ?, '', ?, ?, '', ?)",
                (who, p["given"], p["family"], p["address"],
                 p["organisation"], bench))
            gone = i % 10 == 9
            db.execute(
                "INSERT INTO registration (id, public_id, generation,"
                " meeting_id, party_id, person_id, mode, state, reference,"
                " lang, wants_invite, created_at, changed_at, cancelled_at,"
                " address_key, name_fold, search, bench_id) VALUES (?, ?, 1,"
                " ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)",
                (row, secrets.token_bytes(16), meeting, party, who,
                 int(i % 3 == 0), 4 if gone else 2, p["reference"], at + i,
                 at + i, at + i + 60 if gone else 0, p["address"],
                 f"{p['given']} {p['family']}".lower(), search, bench))
    db.close()


def audited(folder):
    """(deed, amount) of what was written down."""
    db = sqlite3.connect(next(folder.rglob("convened.db")))
    rows = db.execute("SELECT deed, amount FROM audit ORDER BY id").fetchall()
    db.close()
    return rows
