"""The attendee list: searched, sorted, leafed through and taken home."""
import io
import json
import re
import time
import zipfile

import openpyxl
import pytest

import crowd
from conftest import Site
from test_desk import CSV, LIST, rows_of, sign_in

XLSX = LIST + "/attendees.xlsx"
JSON = LIST + "/attendees.json"
PEOPLE = 400


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A desk with many people, and somebody who has signed in."""
    site = Site(tmp_path_factory.mktemp("lists") / "demo").start()
    site.stop()
    crowd.fill(site.folder, PEOPLE)
    site.start()
    client, _ = sign_in(site)
    site.desk = client
    yield site
    site.stop()


def listed(page):
    """What stands in the list; other tables stand before it."""
    return page.text.partition('role="status"')[2]


def names(page):
    return re.findall(r'<th scope="row">([^<]*)</th>', listed(page))


def total(page):
    return int(re.search(r'role="status">([\d.]+)', page.text)[1]
               .replace(".", ""))


def links(page):
    return {words: url.replace("&amp;", "&").split("#")[0] for url, words in
            re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', page.text)}


def leaf(site, path, words):
    """All pages from that one on, by following a link."""
    page = site.desk.get(path)
    while True:
        assert page.status == 200
        yield page
        if words not in links(page):
            return
        page = site.desk.get(links(page)[words])


def test_leafing_shows_everybody_once_in_both_directions(full):
    there = [names(p) for p in leaf(full, LIST + "?sort=organisation",
                                    "Nächste Seite")]
    assert [len(p) for p in there] == [50] * 8
    flat = sum(there, [])
    assert len(set(flat)) == PEOPLE
    last = links(full.desk.get(LIST + "?sort=organisation"))["Letzte Seite"]
    back = [names(p) for p in leaf(full, last, "Vorherige Seite")]
    assert sum(reversed(back), []) == flat


def test_a_heading_sorts_and_sorts_back_without_scripts(full):
    page = full.desk.get(LIST + "?rows=all")
    by_name = names(page)
    assert len(by_name) == PEOPLE == total(page)
    assert by_name == sorted(by_name, key=str.lower)
    assert 'aria-sort="ascending"' in page.text
    page = full.desk.get(links(page)["Name"])
    assert names(page) == by_name[::-1]
    assert page.text.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in page.text
    page = full.desk.get(links(page)["Angemeldet am"])
    times = re.findall(r'<time datetime="([^"]+)">\d\d\.', page.text)
    assert len(times) == PEOPLE and times == sorted(times)


def test_filters_stand_in_the_address_and_hold_together(full):
    who = crowd.person(123)
    page = full.desk.get(LIST + "?q=" + who["family"].upper())
    assert f"{who['family']}, {who['given']}" in names(page)
    online = total(full.desk.get(LIST + "?mode=online"))
    assert online == len(range(0, PEOPLE, 3))
    both = full.desk.get(LIST + "?mode=online&state=cancelled&rows=100")
    assert total(both) == sum(i % 3 == 0 and i % 10 == 9
                              for i in range(PEOPLE))
    assert "mode=online" in links(both)["Name"]
    assert "state=cancelled" in links(both)["Name"]
    assert "rows=100" in links(both)["Name"]
    assert total(full.desk.get(LIST + "?org=verband+13")) < PEOPLE / 4
    assert total(full.desk.get(LIST + "?letters=missing")) == 0
    # The crowd came in on 21 September 2026, by the clock of Berlin.
    assert total(full.desk.get(LIST + "?from=2026-09-22")) == 0
    assert total(full.desk.get(LIST + "?from=2026-09-21&until=2026-09-21")
                 ) == PEOPLE
    assert total(full.desk.get(LIST + "?until=2026-09-20")) == 0


def test_only_the_chosen_columns_are_shown(full):
    page = full.desk.get(LIST + "?col=lang&col=bench")
    assert re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)',
                      listed(page)) == ["Name", "Gehört zu", "Sprache"]
    assert rows_of(full.desk.get(CSV + "?col=lang&col=bench"))[0] == [
        "Titel", "Vorname", "Nachname", "Gehört zu", "Sprache"]


def test_answers_come_with_the_usual_columns_or_if_they_are_chosen(full):
    def head(query):
        return rows_of(full.desk.get(CSV + query))[0]

    asked = [c for c in head("") if c not in head("?col=organisation"
             "&col=mode&col=state&col=email&col=registered&col=reference")]
    assert len(asked) == 3  # what the demo asks
    assert head("?col=lang&col=answers")[-3:] == asked


def opened(answer):
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    return openpyxl.load_workbook(io.BytesIO(answer.body))


def pairs(sheet):
    return [(a.value, b.value) for a, b in sheet.iter_rows(max_col=2)]


def test_the_spreadsheet_is_what_excel_users_expect(full):
    answer = full.desk.get(XLSX + "?mode=online&col=reference&col=state"
                                  "&col=registered&col=bench")
    assert re.search(r'filename="2027-03-07_arbeit-2030_teilnehmende_stand-'
                     r'\d{4}-\d\d-\d\d\.xlsx"',
                     answer.headers["content-disposition"])
    book = opened(answer)
    rows, totals = book.worksheets
    assert (rows.title, totals.title) == ("Teilnehmende", "Summen")
    online = [i for i in range(PEOPLE) if i % 3 == 0]
    assert rows.max_row == len(online) + 1
    assert rows.freeze_panes == "A2"
    assert rows.auto_filter.ref == f"A1:G{rows.max_row}"
    head = [c.value for c in rows[1]]
    assert head == ["Anmeldecode", "Status", "Titel", "Vorname", "Nachname",
                    "Gehört zu", "Angemeldet am"]
    assert all(c.font.b for c in rows[1])
    assert [r[0].value for r in rows.iter_rows(min_row=2)] == [
        f"P{i:06d}" for i in online]
    assert rows["G2"].is_date and rows["G2"].number_format.startswith("dd")
    assert rows["G2"].value.isoformat() == "2026-09-21T16:13:00"
    assert rows["A2"].data_type == "s"
    assert rows.column_dimensions["A"].width > 10
    got = pairs(totals)
    assert got[0][0].startswith("Zusammen in die Zukunft")
    assert got[1][0] == "Stand (Europe/Berlin)" and totals["B2"].is_date
    assert ("Personen in dieser Liste", len(online)) in got
    assert ("Teilnahme", "Online") in got
    gone = sum(i % 10 == 9 for i in online)
    assert ("Abgemeldet", gone) in got
    assert ("Angemeldet", len(online) - gone) in got
    assert ("Vor Ort", 0) in got and ("Online", len(online)) in got
    groups = got[[a for a, _ in got].index("Gehört zu") + 1:]
    assert sum(n for _, n in groups) == len(online)
    assert dict(groups)["Keine dieser Gruppen"] == sum(
        i % 4 == 0 for i in online)


def test_all_three_formats_hold_the_same_people(full):
    query = "?state=cancelled&col=reference&col=email"
    sheet = opened(full.desk.get(XLSX + query)).worksheets[0]
    in_xlsx = [[c.value or "" for c in row] for row in
               sheet.iter_rows(min_row=2)]
    in_csv = rows_of(full.desk.get(CSV + query))[1:]
    answer = full.desk.get(JSON + query)
    assert answer.headers["content-type"].startswith("application/json")
    in_json = [[one["reference"], one["title"], one["given_name"],
                one["family_name"], one["email"]]
               for one in json.loads(answer.body)]
    assert in_xlsx == in_csv == in_json
    assert len(in_csv) == PEOPLE // 10
    assert crowd.audited(full.folder)[-3:] == [("export", PEOPLE // 10)] * 3


def test_asking_for_the_head_takes_nothing_and_writes_nothing_down(full):
    before = crowd.audited(full.folder)
    for path in (XLSX, CSV, JSON):
        answer = full.desk.request("HEAD", path)
        assert answer.status == 200 and not answer.body
        assert "attachment" in answer.headers["content-disposition"]
    assert crowd.audited(full.folder) == before


PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|'/C calc'!A0",
    '=HYPERLINK("example.org","x")', "=WEBSERVICE(A1)", "  =1+1",
    "+49 351 000", "-2+3+cmd|' /C calc'!A0", "＝1+1", '"=1+1',
)


def test_formulas_come_as_text(site):
    client, _ = sign_in(site)
    for i, words in enumerate(PAYLOADS):
        answer = site.register(f"f{i}@example.org", family=f"Muster{i}",
                               organisation=words)
        assert answer.status == 303
    answer = client.get(XLSX)
    sheet = opened(answer).worksheets[0]
    at = [c.value for c in sheet[1]].index("Organisation") + 1
    cells = [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]
    assert len(cells) == len(PAYLOADS)
    assert {c.data_type for c in cells} == {"s"}
    assert {c.value.strip() for c in cells} == {p.strip() for p in PAYLOADS}
    with zipfile.ZipFile(io.BytesIO(answer.body)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name), name
    head, *rows = rows_of(client.get(CSV))
    at = head.index("Organisation")
    assert len(rows) == len(PAYLOADS)
    assert {row[at][0] for row in rows} == {"'", '"'}


@pytest.mark.alone
def test_the_list_of_a_hundred_thousand_comes_at_once(tmp_path, scale):
    people = scale(10_000, 100_000)
    site = Site(tmp_path / "demo").start()
    site.stop()
    crowd.fill(site.folder, people)
    site.start()
    client, _ = sign_in(site)
    queries = ("", "?q=martin", "?q=p77", "?q=nobody&state=registered",
               "?sort=organisation&order=desc", "?sort=registered",
               "?sort=state&page=last", "?q=verband&sort=organisation",
               "?org=verband+7&from=2026-09-21&sort=registered&order=desc")
    took = {}
    for query in queries * 5:
        began = time.monotonic()
        page = client.get(LIST + query)
        took.setdefault(query, []).append(time.monotonic() - began)
        assert page.status == 200
    print("\n" + "\n".join(f"{min(t) * 1000:6.1f} ms  {q or '(all)'}"
                           for q, t in took.items()))
    site.stop()
    # Other work on the machine only ever adds to the true cost.
    assert max(min(t) for t in took.values()) < 0.5
