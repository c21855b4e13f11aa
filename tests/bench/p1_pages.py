"""P1, P2: pages, feeds, 304 and new connections against nginx serving the
same bytes from files, one worker and an access log each."""
import os
import subprocess
import time

from fill import fill
from house import House, MEETING, children_of, cpu_us, free_port, median

SECONDS = 2
ROUNDS = 5
FEED = "/calendars/bench.ics"
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    types {{ text/html html; text/calendar ics; }}
    access_log {folder}/access.log;
    sendfile on;
    tcp_nodelay on;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}; }}
}}
"""


class Nginx:
    def __init__(self, folder, files):
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        config = folder / "nginx.conf"
        # The folder is ours alone.
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(user + NGINX.format(folder=folder,
                                              port=self.port))
        words = ["/usr/sbin/nginx", "-c", str(config)]
        self.process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        while not children_of(self.process.pid):
            if self.process.poll() is not None:
                raise RuntimeError((folder / "error.log").read_text())
            time.sleep(0.02)
        time.sleep(0.3)
        self.worker = children_of(self.process.pid)[0]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def load(bench, port, path, pid, how, connections=64):
    before = cpu_us(pid)
    got = bench.tool("http_load", "get", port, path, connections, SECONDS,
                     how)
    got["cpu"] = (cpu_us(pid) - before) / got["answers"]
    got["rate"] = got["answers"] / got["seconds"]
    return got


def compare(bench, house, nginx, what, ours, theirs, how):
    mine, other = [], []
    for _ in range(ROUNDS):
        mine.append(load(bench, house.port, ours, house.pid, how))
        other.append(load(bench, nginx.port, theirs, nginx.worker, how))
    rate, top = (median(r["rate"] for r in rows) for rows in (mine, other))
    cpu, own = (median(r["cpu"] for r in rows) for rows in (mine, other))
    new = how == "new"
    bench.row("P1", f"{what}, rate", f"{rate:,.0f}/s", f"{top:,.0f}/s",
              rate / top, None if new else 1, atmost=False, note="nginx")
    bench.row("P1", f"{what}, CPU", f"{cpu:.2f} us", f"{own:.2f} us",
              cpu / own, 1.2 if new else 1.1)
    return median(r["p50_us"] for r in mine)


def measure(bench):
    house = House(bench, "pages").furnish()
    large = House(bench, "large").furnish()
    fill(house.database, "meetings", 36)
    fill(large.database, "meetings", 370)
    house.start()
    large.start()
    page, feed = house.fetch(MEETING), house.fetch(FEED)
    nginx = Nginx(bench.folder / "nginx", {
        "page.html": page, "feed.ics": feed,
        "large.ics": large.fetch(FEED)})
    kib = f"{len(page) / 1024:.0f} KiB"
    compare(bench, house, nginx, f"page of {kib}", MEETING, "/page.html",
            "keep")
    p50 = compare(bench, house, nginx, f"feed of {len(feed) // 1024} KiB",
                  FEED, "/feed.ics", "keep")
    compare(bench, house, nginx, "the same, 304", FEED, "/feed.ics", "same")
    compare(bench, house, nginx, "page, new connection each", MEETING,
            "/page.html", "new")
    bench.row("P2", "p50 of the feed, 64 connections", f"{p50} us", "3 ms",
              p50 / 3000, 1)
    whole = load(bench, large.port, FEED, large.pid, "keep")
    bench.row("P2", f"p50 of {len(large.fetch(FEED)) // 1024} KiB",
              f"{whole['p50_us']} us", "3 ms", whole["p50_us"] / 3000, 1)
    nginx.stop()
    house.stop()
    large.stop()
