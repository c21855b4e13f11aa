"""convened doctor: each thing that can be wrong is found and named."""
import contextlib
import http.server
import json
import os
import sqlite3
import threading
import urllib.request

import pytest

from conftest import free_port


def findings(site, *words):
    done = site.run("doctor", "--json", *words, check=False)
    found = json.loads(done.stdout)
    failed = any(f["verdict"] == "fail" for f in found)
    assert done.returncode == (69 if failed else 0), done
    return found


def finding(site, check, verdict, *words):
    """The words of the one finding of that kind."""
    found = [f for f in findings(site, *words)
             if (f["check"], f["verdict"]) == (check, verdict)]
    assert found, (check, verdict)
    return " ".join(f"{f['words']} {f['advice']}" for f in found)


def set_config(site, **values):
    """Replaces a key, or adds it behind the head of its section."""
    path = site.folder / "convened.conf"
    lines = path.read_text().splitlines()
    for name, value in values.items():
        section, key = name.split("__")
        key = key.replace("_", "-")
        lines = [line for line in lines if not line.startswith(key + " =")]
        lines.insert(lines.index(f"[{section}]") + 1, f"{key} = {value}")
    path.write_text("\n".join(lines) + "\n")


def test_a_sound_installation_has_no_failures(site, tmp_path):
    site.register("erika@example.org")
    site.run("backup", str(tmp_path / "backups"))
    found = findings(site, "--full")
    assert not [f for f in found if f["verdict"] == "fail"]
    checks = {f["check"]: f for f in found}
    assert len(checks) >= 14
    assert "1 registrations" in checks["database"]["words"]
    assert checks["key"]["words"] == "is the database's own"
    assert "0 hours old" in checks["backup"]["words"]
    assert len([f for f in found if f["check"] == "site"]) == 2
    text = site.run("doctor").stdout.splitlines()
    assert len(text) == len(found) and text[0].startswith("ok    config")


def test_it_leaves_nothing_behind_and_changes_nothing(site):
    site.stop()
    before = {p: p.stat().st_mtime_ns for p in site.folder.iterdir()}
    findings(site, "--full")
    assert before == {p: p.stat().st_mtime_ns for p in site.folder.iterdir()}


def test_rights_owners_and_strangers(site):
    key = site.folder / "convened.key"
    key.chmod(0o644)
    assert "chmod go=" in finding(site, "files", "fail")
    assert "others may read" in finding(site, "key", "fail")
    key.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(site.folder / "convened.db", 65534, -1)
        assert "chown root" in finding(site, "files", "fail")
        os.chown(site.folder / "convened.db", 0, -1)
    site.folder.chmod(0o777)
    assert "chmod go-w" in finding(site, "files", "fail")
    site.folder.chmod(0o700)
    (site.folder / "restoring").mkdir()
    assert "cut short" in finding(site, "leftovers", "fail")
    (site.folder / "restoring").rmdir()


def test_a_key_that_is_another_ones(site):
    right = (site.folder / "convened.key").read_bytes()
    (site.folder / "convened.key").write_bytes(os.urandom(32))
    assert "is not the key" in finding(site, "key", "fail")
    (site.folder / "convened.key").write_bytes(right[:16])
    assert "32 bytes" in finding(site, "key", "fail")
    (site.folder / "convened.key").unlink()
    assert "missing" in finding(site, "key", "fail")
    (site.folder / "convened.key").write_bytes(right)


def test_a_damaged_database(site):
    site.stop()
    with open(site.folder / "convened.db", "r+b") as file:
        file.seek(4096 * 5)
        file.write(os.urandom(4096))
    assert "convened restore" in finding(site, "database", "fail")


def test_letters_that_do_not_go(site):
    site.register("erika@example.org")
    site.letters_to("erika@example.org", 2)
    site.stop()
    with contextlib.closing(sqlite3.connect(
            site.folder / "convened.db")) as db:
        db.execute("UPDATE letter SET state = 0, due_at = 1000"
                   " WHERE id = (SELECT min(id) FROM letter)")
        db.execute("UPDATE letter SET state = 2, settled_at = created_at"
                   " WHERE id = (SELECT max(id) FROM letter)")
        db.commit()
    words = finding(site, "letters", "warn")
    assert "1 of them for more than an hour" in words
    assert "1 were refused" in words


def test_the_relay_is_tried(site, sink):
    set_config(site, mail__relay=sink.url, mail__tls="none")
    assert "answers" in finding(site, "relay", "ok")
    set_config(site, mail__tls="required")  # it speaks no TLS
    assert "TLS" in finding(site, "relay", "fail")
    set_config(site, mail__relay=f"smtp://127.0.0.1:{free_port()}")
    assert "letters wait" in finding(site, "relay", "fail")
    set_config(site, mail__relay="smtp://nowhere.invalid")
    assert "resolve" in finding(site, "relay", "fail")
    assert not sink.messages


class Proxy(http.server.BaseHTTPRequestHandler):
    """A proxy in front of the site, with a setting wrong or not."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.site.port}{self.path}",
            headers={"Host": self.headers["Host"],
                     "X-Forwarded-For": "192.0.2.1",
                     "X-Forwarded-Proto": "https", **self.server.wrong})
        opener = urllib.request.build_opener(NoRedirect)
        with opener.open(request) as answer:
            self.send_response(answer.status)
            if answer.headers["Location"]:
                self.send_header("Location", answer.headers["Location"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class NoRedirect(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


@pytest.fixture
def proxy(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.site, server.wrong = site, {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_what_a_proxy_gets_wrong_is_named(site, proxy):
    port = proxy.server_address[1]
    set_config(site, site__base_url=f"http://127.0.0.1:{port}")
    assert f"http://127.0.0.1:{port} answers" in finding(site, "site", "ok")
    proxy.wrong = {"Host": "backend.internal"}
    assert "proxy_set_header Host" in finding(site, "site", "fail")
    proxy.wrong = {}
    set_config(site, site__base_url=f"http://127.0.0.1:{free_port()}")
    assert "site.base-url" in finding(site, "site", "warn")


def test_without_a_server_it_says_so_and_goes_on(site):
    site.register("erika@example.org")
    site.kill()  # not in good order
    assert "systemctl start" in finding(site, "server", "warn")
    assert "comes back" in finding(site, "database", "warn")
    assert "not asked" in finding(site, "site", "ok")
    site.start()
    assert site.count() == 1
