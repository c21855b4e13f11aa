"""P3, P4: registrations by the real form against SQLite writing the same
rows."""
import subprocess
import time

from house import House, cpu_us, median, spin_down, MEETING, thread_cpu_us

# Connections, people in a round, slowest 1 % in ms that P4 allows.
STEPS = ((1, 1000, None), (16, 8000, 10), (64, 16000, 12), (256, 20000, 20),
         (1024, 20000, 60))
ROUNDS = 3
SINGLES = 1000  # enough of what takes a commit each


def clean_copy(house, empty):
    """The state before anybody registered."""
    for file in house.folder.glob("convened.db*"):
        file.unlink()
    subprocess.run(["cp", str(empty / "convened.db"),
                    str(house.database)], check=True)


def sign_up(bench, house, connections, people, first):
    before, threads = house.cpu(), thread_cpu_us(house.pid)
    load = bench.tool("http_load", "form", house.port, MEETING, connections,
                      people, first)
    # The last checkpoint belongs to them.
    time.sleep(0.3)
    after = thread_cpu_us(house.pid)
    load["rate"] = people / load["seconds"]
    load["cpu"] = (house.cpu() - before) / people
    load["writer_cpu"] = (after["writer"] - threads["writer"]) / people
    return load


def ceiling(bench, house, empty, batch, most):
    """What SQLite alone needs for the rows that the house now holds."""
    to = bench.folder / "ceiling.db"
    for file in bench.folder.glob("ceiling.db*"):
        file.unlink()
    subprocess.run(["cp", str(empty / "convened.db"), str(to)], check=True)
    spin_down()
    alone = bench.tool("sqlite_ceiling", house.database, to, batch, most)
    alone["rate"] = alone["registrations"] / alone["seconds"]
    alone["cpu"] = alone["cpu_us"] / alone["registrations"]
    return alone


def one_round(bench, house, empty, connections, people):
    clean_copy(house, empty)
    spin_down()
    house.start()
    load = sign_up(bench, house, connections, people, 1)
    house.stop()
    return {"load": load,
            "batch": ceiling(bench, house, empty, 64, people),
            "single": ceiling(bench, house, empty, 1, SINGLES)}


def middle(rounds, who, what):
    return median(r[who][what] for r in rounds)


def report(bench, connections, worst_ms, rounds):
    name = f"registrations, {connections} connections"
    rate, top = middle(rounds, "load", "rate"), middle(rounds, "batch",
                                                       "rate")
    single = middle(rounds, "single", "rate")
    cpu, own = middle(rounds, "load", "cpu"), middle(rounds, "batch", "cpu")
    crowd = connections in (64, 256)
    bench.row("P3", f"{name}, rate", f"{rate:,.0f}/s", f"{top:,.0f}/s",
              rate / top, 0.6 if crowd else None, atmost=False,
              note="SQLite, 64 in a commit")
    bench.row("P3", f"{name}, rate", f"{rate:,.0f}/s", f"{single:,.0f}/s",
              rate / single, 6 if crowd else None, atmost=False,
              note="SQLite, each its commit")
    bench.row("P3", f"{name}, CPU", f"{cpu:.1f} us", f"{own:.1f} us",
              cpu / own, 2.2 if crowd else None,
              note=f"writer {middle(rounds, 'load', 'writer_cpu'):.1f} us")
    p50 = middle(rounds, "load", "p50_us")
    p99 = middle(rounds, "load", "p99_us")
    p999 = middle(rounds, "load", "p999_us")
    if worst_ms:
        bench.row("P4", f"{name}, p99", f"{p99 / 1000:.2f} ms",
                  f"{worst_ms} ms", p99 / 1000 / worst_ms, 1)
        bench.row("P4", f"{name}, p99.9", f"{p999 / 1000:.2f} ms",
                  f"{p99 / 1000:.2f} ms", p999 / p99, 3, note="its p99")
    return p50


def measure(bench):
    house = House(bench, "signups").furnish()
    empty = house.copy_state("empty")
    for connections, people, worst_ms in STEPS:
        rounds = [one_round(bench, house, empty, connections, people)
                  for _ in range(ROUNDS)]
        p50 = report(bench, connections, worst_ms, rounds)
        if connections == 1:
            sync = bench.tool("disk_sync", bench.folder / "sync", 500)
            bench.row("P3", "registration alone, p50", f"{p50:.0f} us",
                      f"{sync['p50_us']} us", p50 / sync["p50_us"], 3,
                      note="one fdatasync")
    others(bench, house, empty)


def others(bench, house, empty):
    """Somebody who only looks, alone and while 64 register."""
    alone, among = [], []
    for _ in range(ROUNDS):
        clean_copy(house, empty)
        house.start()
        alone.append(bench.tool("http_load", "get", house.port, MEETING, 1,
                                2, "paced")["p99_us"])
        crowd = subprocess.Popen(
            [str(bench.build / "tests/bench/http_load"), "form",
             str(house.port), MEETING, "64", "25000", "1"],
            stdout=subprocess.DEVNULL)
        among.append(bench.tool("http_load", "get", house.port, MEETING, 1,
                                2, "paced")["p99_us"])
        crowd.wait()
        house.stop()
    bench.row("P4", "GET p99 while 64 register", f"{median(among):.0f} us",
              f"{median(alone):.0f} us", median(among) / median(alone), 2,
              note="alone")
