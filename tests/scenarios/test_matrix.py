"""Every row of the route table against everybody who may come (RELIABILITY
G5). The rows are read from web/routes.c, so that a new one fails here until
it says who may."""
import re

import pytest

from conftest import MEETING, ROOT, link_in
from test_desk import sign_in

ROW = re.compile(r"\{\s*METHOD_(GET|POST),\s*\"([^\"]+)\",\s*(\w+),(.*?)\},",
                 re.DOTALL)
PASSWORD = "ein langes Kennwort"

# Who may have a desk row, by its handler. Every such row stands here.
NUMBERS = {"numbers", "door", "editor", "owner", "admin"}
EXPORT = {"editor", "owner", "admin"}
ANY_ACCOUNT = NUMBERS | {"elsewhere"}
DESK = {
    "desk_home": ANY_ACCOUNT,
    "desk_signout_submit": ANY_ACCOUNT,
    "desk_feedback": {"admin"},
    "desk_feedback_submit": {"admin"},
    "desk_meeting": NUMBERS,
    "desk_decide": EXPORT,
    "desk_reconsider": EXPORT,
    "desk_wishes": EXPORT,
    "desk_wishes_submit": EXPORT,
    "desk_export_xlsx": EXPORT,
    "desk_export_csv": EXPORT,
    "desk_export_json": EXPORT,
    "desk_support": EXPORT,
    "desk_support_export": EXPORT,
}
WORDS = {"lang": "de", "alliance": "sachsen", "meeting": "arbeit-2030"}


def table():
    text = (ROOT / "web" / "routes.c").read_text()
    rows = [(m[0], m[1], m[2], "SIGNED_IN" in m[3])
            for m in ROW.findall(text)]
    assert len(rows) == text.count("METHOD_") > 30
    return rows


class World:
    def __init__(self, site):
        self.site = site
        answer = site.register("erika@example.org")
        self.receipt = answer.location.split("/done/")[1]
        letters = site.letters_to("erika@example.org", 2)
        self.token = next(link_in(m) for m in letters
                          if "text/calendar" not in str(m)).split("/r/")[1]
        page = site.client().get(MEETING).text
        self.file = re.search(r"/static/([^\"]+)", page)[1]
        site.run("alliance", "add", "fremd", "--name-de", "Fremd",
                 "--mail-from", "fremd@example.org", "--contact-name", "F",
                 "--contact-email", "fremd@example.org")
        self.clients = {"nobody": site.client()}
        for role in ("numbers", "door", "editor", "owner"):
            self.employ(role, role, "sachsen")
        self.employ("elsewhere", "owner", "fremd")
        self.clients["admin"], answer = sign_in(site)
        assert answer.status == 303

    def employ(self, name, role, alliance):
        self.site.run("account", "add", f"{name}@example.org", "--name",
                      name, "--role", role, "--alliance", alliance,
                      input=PASSWORD + "\n")
        self.clients[name], answer = sign_in(
            self.site, f"{name}@example.org", PASSWORD)
        assert answer.status == 303, answer.text

    def path(self, pattern, **other):
        words = {**WORDS, "token": self.token, "receipt": self.receipt,
                 "file": self.file, **other}
        return re.sub(r":(\w+)", lambda m: words[m[1]], pattern)


@pytest.fixture(scope="module")
def world(shared_site):
    return World(shared_site)


def test_everybody_gets_what_is_theirs_and_nothing_else(world):
    cells, open_rows = 0, {}
    for method, pattern, handler, signed_in in table():
        if method != "GET":
            continue
        path = world.path(pattern)
        for who, client in world.clients.items():
            answer = client.get(path)
            cells += 1
            if not signed_in:
                # Open rows do not look at who is signed in; those with a
                # link in them have the right one here. A legal page may have
                # no text.
                assert answer.status < 400 or (
                    answer.status == 404 and handler == "legal_show"), path
                assert open_rows.setdefault(path, answer.status) == (
                    answer.status), (path, who)
            elif who == "nobody":
                assert answer.status == 303, (path, who)
                assert answer.location.endswith("/de/desk/sign-in")
            elif who in DESK[handler]:
                assert answer.status == 200, (path, who, answer.status)
            else:
                assert answer.status in (403, 404), (path, who)
                assert "Erika" not in answer.text
    assert cells > 150


def test_the_wrong_method_is_refused_with_the_right_one(world):
    rows = table()
    methods = {}
    for method, pattern, *_ in rows:
        methods.setdefault(pattern, set()).add(method)
    for pattern, known in methods.items():
        path = world.path(pattern)
        for wrong in {"GET", "POST"} - known:
            answer = (world.clients["admin"].post(path, {"a": "b"})
                      if wrong == "POST"
                      else world.clients["admin"].get(path))
            assert answer.status == 405, (wrong, path, answer.status)
            assert answer.headers["allow"].startswith(
                "POST" if known == {"POST"} else "GET"), path


def test_nothing_is_done_for_a_foreign_page(world):
    """Each POST row without a token, with a wrong one, and from a foreign
    site, for everybody."""
    site = world.site
    before = site.run("attendees", "list", "sachsen/arbeit-2030",
                      "--json").stdout
    for method, pattern, handler, signed_in in table():
        if method != "POST":
            continue
        path = world.path(pattern)
        for who, client in world.clients.items():
            foreign = client.post(
                path, {"a": "b"}, origin=False,
                headers={"Origin": "https://evil.example",
                         "Sec-Fetch-Site": "cross-site"})
            bare = client.post(path, {"a": "b"}, origin=False)
            wrong = client.post(path, {"csrf": "x", "stamp": "x"},
                                origin=False, headers={"Origin": "null"})
            for answer in (foreign, bare, wrong):
                assert answer.status in (303, 401, 403, 404, 422), (
                    path, who, answer.status)
            shown_the_door = signed_in and who == "nobody"
            assert foreign.status == (303 if shown_the_door else 403), (
                path, who, foreign.status)
    assert before == site.run("attendees", "list", "sachsen/arbeit-2030",
                              "--json").stdout


def test_a_link_opens_only_what_it_was_made_for(world):
    client = world.site.client()
    answer = world.site.register("zweite@example.org", family="Zweite")
    foreign = answer.location.split("/done/")[1]
    unknown = client.get("/de/r/" + "A" * 43)
    # The right id with another MAC.
    forged = (world.token[:30] + ("A" if world.token[30] != "A" else "B") +
              world.token[31:])
    for method, pattern, handler, _ in table():
        if ":token" not in pattern:
            continue
        for token in ("A" * 43, world.token[:-1] + "_", forged,
                      world.receipt[:43], foreign[:43]):
            path = world.path(pattern, token=token)
            answer = (client.get(path) if method == "GET"
                      else client.post(path, {"stamp": "x"}))
            assert answer.status == 404 or (
                method == "GET" and answer.status == 303), (path,
                                                            answer.status)
            if method == "GET" and answer.status == 404:
                assert answer.text == unknown.text
