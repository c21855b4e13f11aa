"""Sixty-four people at once who register, bring others, wait, change their
mind, hand over, cancel, come back and have themselves erased, through the
pages as a browser without scripts shows them, while organisers raise and
lower the seats, approve and decline. Whatever they do: nobody is passed over,
no seat is given twice, none stays free, and nobody gets a page of a fault."""
import base64
import collections
import hashlib
import http.client
import random
import re
import sqlite3
import threading

import pytest

from conftest import Client, Site
from proofs import ANNUAL, Books, say

CLIENTS = 64
SEATS = {"onsite": 40, "online": 25}

UNSOUND = {
    "pools that count wrongly or are overfull":
        "SELECT count(*) FROM pool p WHERE taken > capacity OR taken <>"
        " (SELECT count(*) FROM seat s WHERE s.pool_id = p.id) OR waiting <>"
        " (SELECT count(*) FROM wait w WHERE w.pool_id = p.id"
        "  AND w.claim_by = 0)",
    "people registered without exactly one seat of their mode":
        "SELECT count(*) FROM registration r WHERE r.state = 2 AND 1 <>"
        " (SELECT count(*) FROM seat s JOIN pool p ON p.id = s.pool_id"
        "  WHERE s.registration_id = r.id AND p.mode = r.mode"
        "  AND NOT EXISTS (SELECT 1 FROM wait w WHERE"
        "   w.registration_id = r.id AND w.pool_id = p.id))",
    "people with two seats who were offered none":
        "SELECT count(*) FROM (SELECT s.registration_id FROM seat s"
        " WHERE NOT EXISTS (SELECT 1 FROM wait w WHERE w.claim_by > 0 AND"
        " w.registration_id = s.registration_id AND w.pool_id = s.pool_id)"
        " GROUP BY s.registration_id HAVING count(*) > 1)",
    "seats or places in queues of people who are not there":
        "SELECT count(*) FROM registration r WHERE r.state > 3 AND (EXISTS"
        " (SELECT 1 FROM seat s WHERE s.registration_id = r.id) OR EXISTS"
        " (SELECT 1 FROM wait w WHERE w.registration_id = r.id))",
    "waiting people who are in no queue and hold no seat":
        "SELECT count(*) FROM registration r WHERE r.state = 3 AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.registration_id = r.id)",
    "free seats for which the first in the queue waits":
        "SELECT count(*) FROM pool p WHERE p.taken < p.capacity AND"
        " p.capacity - p.taken >= (SELECT count(*) FROM wait w"
        " WHERE w.pool_id = p.id AND w.claim_by = 0 AND w.party_id ="
        "  (SELECT f.party_id FROM wait f WHERE f.pool_id = p.id"
        "   AND f.claim_by = 0 ORDER BY f.id LIMIT 1)) AND p.waiting > 0",
    "persons without a registration":
        "SELECT count(*) FROM person WHERE id NOT IN"
        " (SELECT person_id FROM registration)",
    "letters about nobody":
        "SELECT count(*) FROM letter WHERE registration_id NOT IN"
        " (SELECT id FROM registration)",
    "live people with the same address and name":
        "SELECT count(*) FROM (SELECT 1 FROM registration WHERE state < 4"
        " AND address_key IS NOT NULL GROUP BY meeting_id, address_key,"
        " name_fold HAVING count(*) > 1)",
}


def links_of(site):
    """(public id, generation) → the path that was mailed, as base/token.h
    describes it: a test may know the key."""
    master = (site.folder / "convened.key").read_bytes()
    key = hashlib.blake2b(b"", digest_size=32, key=master, person=b"convened",
                          salt=(1).to_bytes(8, "little")).digest()

    def link(public_id, generation):
        mac = hashlib.blake2b(public_id + generation.to_bytes(8, "little"),
                              digest_size=16, key=key).digest()
        token = base64.urlsafe_b64encode(public_id + mac).rstrip(b"=")
        return f"/de/r/{token.decode()}"

    return link


def letters_of(number):
    """A name has no digits."""
    return f"K{number:06}".translate(str.maketrans("0123456789",
                                                   "abcdefghij"))


class Commotion:
    def __init__(self, site, seed):
        self.site, self.link = site, links_of(site)
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.number = 0
        self.answers = collections.Counter()
        self.faults = []
        self.threads = [threading.Thread(target=self.walk, args=(i,),
                                         daemon=True)
                        for i in range(CLIENTS)]

    def run(self, seconds):
        for thread in self.threads:
            thread.start()
        self.over.wait(seconds)
        self.over.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "somebody got no answer"

    def walk(self, number):
        chance = random.Random(number + self.random.random())
        books = sqlite3.connect(
            f"file:{self.site.folder}/convened.db?mode=ro", uri=True,
            timeout=30)
        client = Client(self.site.port)
        while not self.over.is_set():
            try:
                if chance.random() < 0.3:
                    self.register(client, chance)
                else:
                    self.visit(client, chance, books)
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(repr(error))
        books.close()

    def note(self, what, answer):
        with self.lock:
            self.answers[what, answer.status] += 1
            if answer.status >= 500:
                self.faults.append(f"{what}: {answer.status}")

    def register(self, client, chance):
        with self.lock:
            self.number += 1
            name = letters_of(self.number)
        action, fields = self.site.filled_form(
            f"{name.lower()}@example.org", family=name)
        fields["mode"] = chance.choice(["onsite", "online"]) + \
            chance.choice(["", "-waiting"])
        answer = client.post(action, fields)
        self.note("register", answer)

    def typed(self, form):
        """Names of somebody new wherever one is asked for."""
        with self.lock:
            self.number += 1
            name = letters_of(self.number)
        words = {"given-name": "Neu", "family-name": name,
                 "email": f"{name.lower()}@example.org"}
        return {field: words.get(field, value)
                for field, value in form.fields.items()}

    def visit(self, client, chance, books):
        # Of somebody erased, whose last letter waits, nobody has the link.
        row = books.execute(
            "SELECT public_id, generation FROM registration WHERE id >="
            " (SELECT max(id) FROM registration) * ? AND search > ''"
            " LIMIT 1",
            (chance.random(),)).fetchone()
        if not row:
            return
        path = self.link(*row)
        page = client.get(path)
        self.note("page", page)
        if page.status == 200 and chance.random() < 0.3:
            ways = re.findall(rf'href="({path}/[a-z-]+)"', page.text)
            page = client.get(chance.choice(ways)) if ways else page
        if page.status != 200:
            return
        forms = [f for f in page.forms() if f.method.lower() == "post" and
                 path in f.action]
        if not forms:
            return
        form = chance.choice(forms)
        what = form.action.rsplit("/", 1)[-1]
        fields = self.typed(form)
        for name, values in form.choices.items():
            fields[name] = chance.choice(values)
        if form.buttons:
            name, value = chance.choice(form.buttons)
            fields[name] = value
        self.note(what, client.post(form.action, fields))


def check_books(site):
    with Books(site) as books:
        wrong = {name: n for name, sql in UNSOUND.items()
                 if (n := books.number(sql))}
        assert not wrong, wrong
        assert books.number("PRAGMA integrity_check") == "ok"
        assert not books.db.execute("PRAGMA foreign_key_check").fetchall()
        assert books.number("SELECT count(*) FROM registration") > 20


def cause(site, seconds):
    """On a site that runs; everything that was done, by what and status."""
    site.set_seats(**SEATS)
    commotion = Commotion(site, 1)
    people = threading.Thread(target=organise, args=(site, commotion.over),
                              daemon=True)
    people.start()
    commotion.run(seconds)
    people.join(60)
    say(dict(sorted(commotion.answers.items())))
    assert not commotion.faults, commotion.faults[:10]
    check_books(site)
    done = {what for what, status in commotion.answers
            if status in (200, 303)}
    assert {"register", "cancel", "undo"} <= done, done


@pytest.mark.proof
@pytest.mark.direct
def test_sixty_four_at_once_and_the_books_are_right(tmp_path, scale):
    site = Site(tmp_path / "demo").start()
    try:
        cause(site, scale(6, 30))
    finally:
        site.stop()


def organise(site, over):
    """Seats come and go, as far as they are not taken; so do the terms."""
    chance = random.Random(2)
    while not over.is_set():
        for mode, seats in SEATS.items():
            site.run("meeting", "edit", ANNUAL, f"--{mode}",
                     str(seats + chance.randrange(-10, 10)), check=False)
        site.run("meeting", "edit", ANNUAL,
                 "--claim-term", chance.choice(["0", "2 s", "1 h"]),
                 "--confirm-term", chance.choice(["no", "no", "1 min"]),
                 "--approval", chance.choice(["none", "none", "holds",
                                              "free"]))
        over.wait(0.3)
        site.run("attendees", chance.choice(["approve", "approve",
                                             "decline"]),
                 ANNUAL, "--all", check=False)
