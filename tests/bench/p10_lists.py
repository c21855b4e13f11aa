"""P10: a start with 100,000 registrations, and the organisers' list."""
import socket
import subprocess
import time

from fill import fill
from house import House, median

PEOPLE = 100000
LIST = "/de/desk/bench/arbeit"
PAGES = (("first page", ""), ("searched, common", "?q=muller"),
         ("searched, rare", "?q=person77777"),
         ("searched, two words", "?q=weber+77"),
         ("searched, nobody", "?q=niemand"), ("page 1,000", "?page=1000"))


def ready(house):
    """Milliseconds from exec to an answer."""
    words = [str(house.bench.build / "convened"), "--config",
             str(house.config), "serve", "--no-courier"]
    log = open(house.log_path, "ab")
    start = time.monotonic()
    house.process = subprocess.Popen(words, stdout=log, stderr=log,
                                     stdin=subprocess.DEVNULL)
    house.log = log
    while True:
        try:
            with socket.create_connection(("127.0.0.1", house.port)) as s:
                s.sendall(b"GET /-/healthz HTTP/1.1\r\nHost: 127.0.0.1:"
                          + str(house.port).encode() + b"\r\n\r\n")
                if s.recv(100):
                    return (time.monotonic() - start) * 1000
        except OSError:
            if time.monotonic() - start > 60:
                raise
            time.sleep(0.0005)


def measure(bench):
    house = House(bench, "people").furnish()
    fill(house.database, "people", PEOPLE)
    ready(house)
    house.stop()
    times = []
    for _ in range(5):
        times.append(ready(house))
        house.stop()
    bench.row("P10", "ready after exec, closed cleanly",
              f"{median(times):.0f} ms", "100 ms", median(times) / 100, 1)
    ready(house)
    house.process.kill()
    house.process.wait()
    broken = ready(house)
    bench.row("P10", "ready after exec, was killed", f"{broken:.0f} ms",
              note="looks through the whole database")
    desk = house.desk()
    for name, query in PAGES:
        costs, waits = [], []
        desk.get(LIST + query)
        for _ in range(7):
            before = house.cpu()
            waits.append(desk.get(LIST + query)[1] * 1000)
            costs.append((house.cpu() - before) / 1000)
        bench.row("P10", f"list of {PEOPLE:,}, {name}",
                  f"{median(costs):.1f} ms CPU", "50 ms",
                  median(costs) / 50, 1, note=f"{median(waits):.1f} ms wait")
    house.stop()
