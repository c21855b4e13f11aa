"""The examples of docs/proxies, as they stand there."""
import http.client
import shutil
import subprocess

import pytest

from conftest import MEETING, ROOT, Site, calendar_of
from front import Nginx


@pytest.fixture(params=["tcp", "unix"])
def fronted(tmp_path, request):
    site = Site(tmp_path / "demo")
    site.front = Nginx(site, unix=request.param == "unix")
    site.start()
    yield site
    site.stop()


def test_a_person_gets_in_through_nginx(fronted):
    page = fronted.client().get(MEETING)
    assert page.status == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "content-security-policy" in page.headers
    assert fronted.register("erika@example.org").status == 303
    letters = fronted.letters_to("erika@example.org", 2)
    confirmation = next(m for m in letters if calendar_of(m) is None)
    assert fronted.front.url + "/de/r/" in \
        confirmation.get_body(("plain",)).get_content()


def test_plain_http_leads_to_https(fronted):
    plain = http.client.HTTPConnection("127.0.0.1",
                                       fronted.front.plain_port, timeout=10)
    plain.request("GET", MEETING + "?a=b")
    answer = plain.getresponse()
    assert answer.status == 301
    assert answer.getheader("Location") == fronted.front.url + MEETING + "?a=b"


def test_nobody_chooses_an_address_for_himself(fronted):
    client = fronted.client()
    for address in ("203.0.113.9", "127.0.0.1, 203.0.113.9"):
        assert client.get("/de/", X_Forwarded_For=address,
                          X_Forwarded_Proto="http").status == 200
    log = fronted.log_text()
    assert "GET" in log and "203.0.113" not in log


def test_the_example_for_caddy_is_valid():
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("caddy is not there")
    example = str(ROOT / "docs" / "proxies" / "Caddyfile")
    for words in (["adapt", "--config", example],
                  ["fmt", "--diff", example]):
        done = subprocess.run([caddy, *words], capture_output=True, text=True,
                              timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr
