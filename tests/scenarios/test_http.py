"""The front door: what is refused, what every answer carries, what survives
a rude client."""
import socket
import sqlite3

import pytest

from conftest import MEETING, calendar_of, link_in


def raw(site, data, timeout=5):
    with socket.create_connection(("127.0.0.1", site.port), timeout) as s:
        s.sendall(data)
        got = b""
        while True:
            try:
                more = s.recv(65536)
            except (TimeoutError, ConnectionResetError):
                return got
            if not more:
                return got
            got += more


def head(first, *fields, host="127.0.0.1"):
    return "\r\n".join([first, f"Host: {host}", *fields, "", ""]).encode()


REFUSED = {
    "unknown method": (head("BREW / HTTP/1.1"), b"501"),
    "chunked request": (head("POST / HTTP/1.1",
                             "Transfer-Encoding: chunked"), b"501"),
    "two lengths": (head("POST / HTTP/1.1", "Content-Length: 1",
                         "Content-Length: 1"), b"400"),
    "post without length": (head("POST / HTTP/1.1"), b"411"),
    "get with body": (head("GET / HTTP/1.1", "Content-Length: 1") + b"x",
                      b"400"),
    "space before colon": (head("GET / HTTP/1.1", "X : y"), b"400"),
    "folded field": (head("GET / HTTP/1.1", "X: y\r\n z"), b"400"),
    "nul": (head("GET / HTTP/1.1", "X: a\0b"), b"400"),
    "bare line feed": (b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n", b"400"),
    "absolute target": (head("GET http://127.0.0.1/ HTTP/1.1"), b"400"),
    "http/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"505"),
    "strange host": (head("GET / HTTP/1.1", host="evil.example"), b"421"),
    "expectation": (head("POST / HTTP/1.1", "Content-Length: 1",
                         "Expect: 100-continue"), b"417"),
    "long target": (head("GET /" + "a" * 3000 + " HTTP/1.1"), b"414"),
    "long head": (head("GET / HTTP/1.1", "X: " + "a" * 20000), b"431"),
    "many fields": (head("GET / HTTP/1.1",
                         *[f"X{i}: y" for i in range(80)]), b"431"),
    "bad escape": (head("GET /%zz HTTP/1.1"), b"400"),
    "nul escape": (head("GET /%00 HTTP/1.1"), b"400"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_parser_refuses_and_closes(shared_site, case):
    data, status = REFUSED[case]
    answer = raw(shared_site, data)
    assert answer.split(b" ")[1] == status, answer[:200]
    assert b"connection: close" in answer.lower()
    assert b"x-content-type-options: nosniff" in answer.lower()


def test_requests_in_one_packet_are_answered_in_order(shared_site):
    one = head(f"GET {MEETING} HTTP/1.1")
    two = head("GET /nirgends HTTP/1.1", "Connection: close")
    answer = raw(shared_site, one + two)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1 ") == 2 and b"HTTP/1.1 404" in answer


def test_every_answer_carries_the_security_fields(shared_site):
    for path in ("/de/", MEETING, "/de/nirgends", "/de/r/" + "A" * 43):
        fields = shared_site.client().get(path).headers
        policy = fields["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert fields["x-content-type-options"] == "nosniff"
        assert fields["referrer-policy"] in ("same-origin", "no-referrer")
        assert fields["cross-origin-opener-policy"] == "same-origin"


def test_wrong_method_says_which_is_right(shared_site):
    answer = shared_site.client().post("/calendars/all.ics", {})
    assert answer.status == 405
    assert "GET" in answer.headers["allow"]


def test_a_foreign_page_cannot_post_here(shared_site):
    action, values = shared_site.filled_form("x@example.org")
    client = shared_site.client()
    for fields in ({"Origin": "https://evil.example"},
                   {"Sec-Fetch-Site": "cross-site"},
                   {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
        assert client.post(action, values, origin=False,
                           headers=fields).status == 403
    forged = {**values, "stamp": values["stamp"][:-1] + "x"}
    assert client.post(action, forged).status == 403
    values.pop("stamp")
    assert client.post(action, values).status == 403


def test_an_unknown_link_and_a_wrong_one_look_the_same(shared_site):
    shared_site.register("erika@example.org")
    letters = shared_site.letters_to("erika@example.org", 2)
    path = link_in(next(m for m in letters if calendar_of(m) is None))
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    answers = [shared_site.client().get(p) for p in
               (wrong, "/de/r/" + "A" * 43, "/de/r/x")]
    assert {a.status for a in answers} == {404}
    assert len({len(a.body) for a in answers}) == 1


def test_the_root_asks_the_browser_for_its_language(shared_site):
    client = shared_site.client()
    assert client.get("/", Accept_Language="en-GB,en;q=0.9").location == "/en/"
    assert client.get("/", Accept_Language="de,en;q=0.5").location == "/de/"
    assert client.get("/").location == "/de/"


def test_a_page_and_its_head_agree(shared_site):
    client = shared_site.client()
    got, told = client.get("/de/"), client.request("HEAD", "/de/")
    assert told.status == 200 and not told.body
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert got.headers[name] == told.headers[name]


def test_logs_hold_no_person(site):
    site.register("marke-ag7@example.org", family="Markenname")
    site.letters_to("marke-ag7@example.org", 2)
    log = site.log_text()
    assert "marke-ag7" not in log and "Markenname" not in log
    assert "/register" in log or ":meeting" in log


def test_a_hundred_meetings_and_more_are_still_a_page(site):
    """What a page has no room for, it says, and the calendar has."""
    site.stop()
    database = sqlite3.connect(site.folder / "convened.db")
    columns = [c[1] for c in database.execute("PRAGMA table_info(meeting)")
               if c[1] not in ("id", "slug", "uid")]
    names = ", ".join(columns)
    for i in range(150):
        database.execute(
            f"INSERT INTO meeting (slug, uid, {names}) SELECT 'm{i}', "
            f"'u{i}@example.org', {names} FROM meeting "
            "WHERE slug = 'arbeit-2030'")
    database.commit()
    database.close()
    site.start()
    page = site.client().get("/de/sachsen")
    assert page.status == 200
    assert page.text.count("Zusammen in die Zukunft") >= 100
    assert "51 weitere Veranstaltungen stehen im Kalender" in page.text
    home = site.client().get("/en/")
    assert home.status == 200 and "131 further meetings" in home.text
    feed = site.client().get("/calendars/sachsen.ics")
    assert feed.text.count("BEGIN:VEVENT") >= 151
