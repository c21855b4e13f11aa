"""What people and organisers type along the life of a registration stays
text wherever it is seen: the payloads of test_injection.py, spread over all
fields of a form in one go. What a form refuses is mended, field by field, as
a person would, and what it takes goes on to pages, letters, lists and logs.
Support needs and reports of barriers have their own in their own files."""
import concurrent.futures
import io
import json
import re

import openpyxl
import pytest

from phone import Told
from test_desk import sign_in
from test_injection import (LINES, MARK, PAYLOADS, check_calendar, check_page,
                            check_table)

ALL = PAYLOADS + LINES
# Left as they are: what says who is meant, and what is no text.
KEPT = re.compile(r"stamp|people|website|wait|ask|email(-\d+)?$|mode|invite|"
                  r"support-(?!words)|.*consent|switch|once-")
HARMLESS = {"given-name": "Erika", "family-name": "Muster"}


def mixed(form, turn):
    """Each field of the form with another payload each turn."""
    fields = [name for name in form.fields if not KEPT.match(name)]
    return {name: ALL[(turn + 17 * k) % len(ALL)]
            for k, name in enumerate(fields)}


def insist(client, action, values, where):
    """Sends it, and mends what is refused until it is taken."""
    for _ in range(4):
        answer = client.post(action, values)
        check_page(answer.text, where)
        for name, value in answer.headers.items():
            assert MARK not in value, (where, name)
        wrong = re.findall(r'id="([\w-]+)-error"', answer.text)
        if answer.status != 422:
            return answer
        assert wrong, (where, answer.text)
        for name in wrong:
            plain = re.sub(r"-\d+$", "", name)
            values[name] = HARMLESS.get(plain, "")
    raise AssertionError((where, wrong))


def chunks():
    """Payloads in lines that are as long as a question may be."""
    line = ""
    for text in PAYLOADS[:38]:
        if len(line) + len(text) > 140:
            yield line
            line = ""
        line += text.replace("|", "/") + " "  # what parts an option's texts
    yield line


@pytest.fixture(scope="module")
def asking(shared_site):
    """Everything that an organiser writes is a payload, too."""
    m = Told(shared_site, "de", "payloads", 900, 900, confirm_term="48 h",
             party=3)
    lines = list(chunks())
    kinds = ("text", "long-text", "one-of", "several-of", "yes-no", "number",
             "date")
    for i, kind in enumerate(kinds):
        words = [lines[(i + k) % len(lines)].strip() for k in range(4)]
        options = [w for o in (1, 2, 3)
                   for w in ("--option", f"{o} {words[o]}|{o} {words[o]}")]
        shared_site.run("question", "add", m.name, "--kind", kind,
                        f"--label-de={words[0]}", f"--label-en={words[1]}",
                        f"--help-de={words[2]}", f"--help-en={words[3]}",
                        *(options if kind.endswith("-of") else ()))
    return m


def asked_form(m, people=3):
    """With that many people in it."""
    form, client = m.form(), m.site.client()
    for _ in range(people - 1):
        form = client.post(form.action, {
            **form.fields, "add": "1", "mode": "onsite"}).form("/register")
    return form


def live(m, form, turn):
    """A party registers; its lead changes all that can be changed."""
    site, client, where = m.site, m.site.client(), f"turn {turn}"
    values = {**form.fields, **mixed(form, turn), "mode-2": "onsite",
              "mode-3": "onsite", "mode": "onsite",
              "email": m.address(f"p{turn}"),
              "email-2": m.address(f"q{turn}"), "email-3": "",
              **{f"support-consent{n}": "1" for n in ("", "-2", "-3")}}
    if turn % 4 == 0:  # an answer that is no option
        values |= {name: ALL[turn] for name in form.choices
                   if not name.startswith("mode")}
    # Nobody is in a form twice, whatever their names have become.
    values |= {"family-name-2": "Zwei", "family-name-3": "Drei"} \
        if turn % 2 else {"given-name-2": "Zwei", "given-name-3": "Drei"}
    if turn % 8 == 0:
        asked = insist(client, form.action, {**values, "website": "x"},
                       where)
        assert asked.status == 200 and "once-challenge" in asked.text, where
    done = insist(client, form.action, values, where)
    assert done.status == 303, (where, done.text)
    check_page(client.get(done.location).text, where)
    mine = m.mine(f"p{turn}")
    check_page(client.get(mine).text, where)
    theirs = m.mine(f"q{turn}")
    for link in (mine, theirs):
        assert m.press(link, "/confirm").status == 303
    for part in ("/change", "/answers"):
        form = client.get(mine + part).form(part)
        changed = form.filled(**mixed(form, turn + 5))
        assert insist(client, form.action, changed, where).status == 303
    form = client.get(theirs + "/hand-over").form("/hand-over")
    heir = form.filled(**mixed(form, turn + 9),
                       email=m.address(f"r{turn}"))
    handed = insist(client, form.action, heir, where)
    assert handed.status == 200, where
    for part in ("", "/change", "/answers", "/support", "/hand-over",
                 "/cancel-all", "/erase"):
        check_page(client.get(mine + part).text, (where, part))
    data = client.get(mine + "/data.json")
    assert data.headers["content-type"].startswith("application/json")
    assert MARK in json.dumps(json.loads(data.text))
    return mine


@pytest.fixture(scope="module")
def lived(asking, scale):
    """The links of those who have been through it. Each payload is in some
    field of some turn; with --long in every field."""
    form = asked_form(asking)
    turns = range(0, len(ALL), scale(5, 1))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda turn: live(asking, form, turn), turns))


def unwanted(text):
    """No line breaks, which become blanks: what nobody sees."""
    return bool(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e"
                          "\u2066-\u2069\ufeff\ufffe\uffff]",
                          text.replace("\r", "")))


def wish(m, mine, turn):
    client = m.site.client()
    for part in ("/change", "/hand-over"):
        form = client.get(mine + part).form(part)
        values = form.filled(**mixed(form, turn), ask="1")
        if part == "/hand-over":
            values["email"] = m.address(f"s{turn}")
        assert insist(client, form.action, values, part).status in (200, 303)
    check_page(client.get(mine).text, "a wish")


@pytest.mark.proof
def test_wishes_and_reasons_stay_text(asking, lived):
    m = asking
    m.edit(changes_until="2026-01-01 10:00")
    for turn, mine in enumerate(lived):
        wish(m, mine, 3 * turn)
    desk, _ = sign_in(m.site)
    for turn, _ in enumerate(lived):
        page = desk.get(m.desk + "/requests")
        check_page(page.text, "requests")
        form = next(f for f in page.forms()
                    if f.action.endswith("/requests"))
        reason = ALL[(7 * turn) % len(ALL)]
        done = desk.post(form.action, form.filled(deed="decline",
                                                  reason=reason))
        check_page(done.text, "declined request")
        if done.status == 422:
            assert unwanted(reason), reason
            done = desk.post(form.action, form.filled(deed="decline"))
        assert done.status == 200
    for mine in lived:
        check_page(m.site.client().get(mine).text, "a wish declined")


@pytest.mark.proof
def test_why_somebody_was_declined_stays_text(shared_site, scale):
    m = Told(shared_site, "en", "payloads", 9, approval="free")
    desk, _ = sign_in(shared_site)
    reasons = ALL[::scale(8, 1)]
    for i, reason in enumerate(reasons):
        m.come(f"N{i}")
    rows = json.loads(shared_site.run("attendees", "list", m.name,
                                      "--json").stdout)
    form = next(f for f in desk.get(m.desk + "?state=pending").forms()
                if "/decide" in f.action)
    for row, reason in zip(rows, reasons):
        page = desk.post(form.action, {
            "csrf": form.fields["csrf"], "wish": "decline",
            "pick": row["reference"]})
        asked = next(f for f in page.forms() if "/decide" in f.action)
        done = desk.post(asked.action, {**asked.fields, "reason": reason})
        check_page(done.text, reason)
        assert (done.status == 422) == unwanted(reason), reason
        if done.status == 422:
            done = desk.post(asked.action, {**asked.fields,
                                            "reason": MARK + "<b>"})
        assert done.status == 200, reason
    assert {s for s, _ in m.states().values()} == {"declined"}
    for i, _ in enumerate(reasons):
        mine = shared_site.client().get(m.mine(f"N{i}", 2)).text
        check_page(mine, "declined")
    assert MARK in mine


@pytest.mark.proof
def test_an_address_for_the_link_stays_text(shared_site):
    client = shared_site.client()
    form = client.get("/de/r/").form("/r/")
    for text in ALL:
        answer = client.post(form.action, form.filled(email=text))
        assert answer.status in (200, 422), text
        check_page(answer.text, text)


@pytest.mark.proof
def test_lists_letters_and_logs_hold_only_text(asking, lived, tmp_path):
    m, site = asking, asking.site
    desk, _ = sign_in(site)
    listing = m.desk + "?rows=all&col=position&col=email&col=bench"
    for path in (m.path, m.path.replace("/de/", "/en/"), listing,
                 m.desk + "?state=registered", m.desk + "/support",
                 m.desk + "/requests", "/de/desk/feedback"):
        page = desk.get(path)
        assert page.status == 200, path
        check_page(page.text, path)
    rows = check_table(desk.get(m.desk + "/attendees.csv").body, long=1)
    assert len(rows) > 3 * len(lived) and MARK in str(rows[0])
    people = json.loads(desk.get(m.desk + "/attendees.json").body)
    assert MARK in str(people)
    book = openpyxl.load_workbook(io.BytesIO(
        desk.get(m.desk + "/attendees.xlsx").body))
    cells = [c for sheet in book for row in sheet for c in row]
    assert MARK in str([c.value for c in cells])
    for cell in cells:
        assert cell.data_type != "f" and cell.hyperlink is None, cell.value
    for path in ("/calendars/all.ics", f"/calendars/{m.name}.ics"):
        assert MARK not in site.client().get(path).text
    kinds, addresses = {}, set()
    for letter in site.letters():
        check_letter(letter)
        addresses.add(letter["To"].addresses[0].addr_spec)
        kinds.setdefault(re.split(r"[:–]", letter["Subject"])[0], set()).add(
            tuple(k.lower() for k in letter.keys()))
    assert len(addresses) > 2 * len(lived) and len(kinds) > 4, kinds
    log = site.log_text()
    assert MARK not in log and "\x1b" not in log
    assert not re.search(r"payloads\.(de|en)@|/r/\w{20}", log)


def check_letter(letter):
    assert not letter.defects
    assert MARK not in letter["To"].split("<")[-1]
    assert len(letter["To"].addresses) == 1
    assert "Bcc" not in letter and "Cc" not in letter
    for part in letter.walk():
        if part.get_content_type() == "text/html":
            check_page(part.get_content(), "letter")
        elif part.get_content_type() == "text/calendar":
            check_calendar(part.get_payload(decode=True))
    if "bestätigen" in letter["Subject"]:
        # To an address that nobody has proven, not even a name goes that
        # looks like none, as the mark does.
        assert MARK not in str(letter["To"])
        for kind in ("plain", "html"):
            assert MARK not in letter.get_body((kind,)).get_content()
