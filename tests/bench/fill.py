#!/usr/bin/python3
"""Fills the closed database of a house with made-up meetings or people,
straight by SQL: a hundred thousand in seconds. Also for trying things out by
hand on a database of that size.

usage: fill.py DATABASE meetings COUNT | people COUNT
"""
import os
import random
import sqlite3
import sys
import unicodedata

FAMILIES = ("Müller", "Schmidt", "Łęcka", "Weber", "Wagner", "Özil", "Abt",
            "Großmann", "Becker", "Hoffmann", "Nowak", "Krüger")
GIVEN = ("Anna", "Jörg", "Sabine", "Thomas", "Đặng", "Karla", "Uwe")
HOUSES = ("Handwerkskammer Beispiel", "Musterstadt Works Ltd.",
          "Jobcenter Musterkreis", "Verein für Ausbildung e. V.", "")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
NOW = 1790000000
DAY = 86400


def fold(text):
    """Near enough to text_fold_search() for names of this list."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower())
                    if not unicodedata.combining(c))
    for long, short in (("ß", "s"), ("ss", "s"), ("ł", "l"), ("đ", "d"),
                        ("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(long, short)
    return plain


def columns(db, table):
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def insert(db, table, rows):
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    names = list(first)
    sql = (f"INSERT INTO {table} ({', '.join(names)}) VALUES "
           f"({', '.join(':' + name for name in names)})")
    db.execute(sql, first)
    db.executemany(sql, rows)


def meetings(db, count):
    """Copies of the newest meeting, an hour apart."""
    last = dict(zip(columns(db, "meeting"), db.execute(
        "SELECT * FROM meeting ORDER BY id DESC LIMIT 1").fetchone()))
    start = last["starts_at"]

    def rows():
        for i in range(count):
            row = dict(last, slug=f"treffen-{last['id']}-{i}",
                       uid=f"{os.urandom(8).hex()}-{i}@example.org",
                       title_de=f"Treffen {i} der Allianz im Beispielland",
                       about_de="Was wir gemeinsam vorhaben.",
                       starts_at=start + i * 3600,
                       ends_at=start + i * 3600 + 1800,
                       closes_at=start + i * 3600)
            del row["id"]
            yield row
    insert(db, "meeting", rows())


def people(db, count):
    """Registered for the first meeting, as the form leaves them, but for
    letters and audit."""
    meeting, pool = db.execute(
        "SELECT m.id, p.id FROM meeting m JOIN pool p ON p.meeting_id = m.id"
        " ORDER BY m.id LIMIT 1").fetchone()
    base = db.execute(
        "SELECT coalesce(max(id), 0) FROM registration").fetchone()[0]
    dice = random.Random(base + 1)
    made = []
    for i in range(base + 1, base + count + 1):
        family, given = dice.choice(FAMILIES), dice.choice(GIVEN)
        made.append({"id": i, "family": f"{family}-{i % 5003}",
                     "given": given, "address": f"person{i}@example.org",
                     "organisation": dice.choice(HOUSES),
                     "reference": "".join(dice.choices(LETTERS, k=4))
                     + "".join(LETTERS[(i >> s) & 31] for s in (15, 10, 5, 0)),
                     "at": NOW - dice.randrange(90 * DAY)})
    insert(db, "party", ({"id": p["id"], "meeting_id": meeting,
                          "created_at": p["at"]} for p in made))
    insert(db, "person", ({"id": p["id"], "given_name": p["given"],
                           "family_name": p["family"], "title": "",
                           "address": p["address"],
                           "organisation": p["organisation"],
                           "position": ""} for p in made))
    insert(db, "registration", ({
        "id": p["id"], "public_id": os.urandom(16), "generation": 1,
        "meeting_id": meeting, "party_id": p["id"], "person_id": p["id"],
        "mode": 0, "state": 2, "reference": p["reference"], "lang": 0,
        "wants_invite": 0, "created_at": p["at"], "changed_at": p["at"],
        "cancelled_at": 0, "address_key": p["address"],
        "name_fold": f"{p['given']} {p['family']}".lower(),
        "search": "\x1f".join(fold(t) for t in (
            p["family"], p["given"], p["organisation"], p["address"],
            p["reference"]))} for p in made))
    insert(db, "seat", ({"registration_id": p["id"], "pool_id": pool}
                        for p in made))
    db.execute("UPDATE pool SET taken = taken + ?, capacity = max(capacity,"
               " taken + ?) WHERE id = ?", (count, count, pool))


def fill(path, what, count):
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = ON")
    with db:
        {"meetings": meetings, "people": people}[what](db, count)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in ("meetings", "people"):
        sys.stderr.write(__doc__)
        sys.exit(64)
    fill(sys.argv[1], sys.argv[2], int(sys.argv[3]))
