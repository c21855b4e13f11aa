"""Forms that lay open for days, and addresses with a slip in them: asked
once more, with everything that was typed."""
import base64
import hashlib
import sqlite3

from conftest import calendar_of, link_in

STAMP = 2  # enum token_purpose of daemon/base/token.h
DAYS_2 = 2 * 24 * 3600


def stamped(site, subject, second):
    """A stamp as the server would have made it in that second."""
    master = (site.folder / "convened.key").read_bytes()
    key = hashlib.blake2b(b"", digest_size=32, key=master,
                          salt=STAMP.to_bytes(16, "little"),
                          person=b"convened").digest()
    mac = hashlib.blake2b(f"{second} {subject}".encode(), digest_size=16,
                          key=key).digest()
    text = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    return f"{second}.{text}"


def aged(site, subject, stamp):
    """The same form, opened two days before."""
    second = int(stamp.split(".")[0])
    assert stamp == stamped(site, subject, second)
    return stamped(site, subject, second - DAYS_2)


def uid_of(site, slug):
    db = sqlite3.connect(f"file:{site.folder / 'convened.db'}?mode=ro",
                         uri=True)
    with db:
        return db.execute("SELECT uid FROM meeting WHERE slug = ?",
                          (slug,)).fetchone()[0]


def test_a_form_that_was_open_for_days_comes_back_with_its_values(site):
    action, values = site.filled_form("erika@example.org", family="Łęcka",
                                      organisation="Musterwerk GmbH")
    values["stamp"] = aged(site, uid_of(site, "arbeit-2030"),
                           values["stamp"])
    answer = site.client().post(action, values)
    assert answer.status == 422
    assert "länger als einen Tag offen" in answer.text
    assert site.count() == 0
    form = answer.form("/register")
    for name in ("family-name", "email", "organisation", "mode", "invite"):
        assert form.fields[name] == values[name]
    assert form.fields["stamp"] != values["stamp"]
    assert site.client().post(form.action, form.fields).status == 303
    assert site.count("--state", "registered") == 1


def test_a_wish_that_was_open_for_days_is_asked_once_more(site):
    site.register("erika@example.org")
    letters = site.letters_to("erika@example.org", 2)
    path = link_in(next(m for m in letters if calendar_of(m) is None))
    client = site.client()
    form = client.get(path).form("/cancel")
    old = aged(site, path.rsplit("/", 1)[1], form.fields["stamp"])
    answer = client.post(form.action, {**form.fields, "stamp": old})
    assert answer.status == 422
    assert site.count("--state", "registered") == 1
    again = answer.form("/cancel")
    assert client.post(again.action, again.fields).status == 303
    assert site.count("--state", "registered") == 0


def test_a_likely_slip_in_the_address_is_a_question_not_a_refusal(site):
    action, values = site.filled_form("erika@gmx.ed")
    asked = site.client().post(action, values)
    assert asked.status == 422
    assert "Meinen Sie erika@gmx.de?" in asked.text
    form = asked.form("/register")
    assert form.fields["email"] == "erika@gmx.ed"
    corrected = {**form.fields, "email": "erika@gmx.en"}
    assert site.client().post(action, corrected).status == 303
    assert site.client().post(action, form.fields).status == 303
    assert site.count("--state", "registered") == 2


def test_another_slip_is_another_question(site):
    action, values = site.filled_form("erika@gmx.ed")
    form = site.client().post(action, values).form("/register")
    other = {**form.fields, "email": "erika@gmial.com"}
    assert "Meinen Sie erika@gmail.com?" in site.client().post(
        action, other).text
    assert site.count() == 0


def test_who_lost_a_place_on_site_may_still_come_online(site):
    site.set_seats(onsite=1)
    site.register("erika@example.org")
    letters = site.letters_to("erika@example.org", 2)
    path = link_in(next(m for m in letters if calendar_of(m) is None))
    client = site.client()
    form = client.get(path).form("/cancel")
    client.post(form.action, form.fields)
    site.register("max@example.org")
    page = client.get(path)
    assert "Vor Ort sind zurzeit alle Plätze vergeben." in page.text
    assert "Online sind noch Plätze frei" in page.text
    assert "Auf die Warteliste setzen" in page.text
    assert page.form("/undo")
    assert site.register("erika@example.org", mode="online").status == 303
    assert site.count("--state", "registered") == 2
