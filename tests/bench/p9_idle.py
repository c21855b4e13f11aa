"""P9: what a server costs that nobody asks, and ten thousand connections
that say nothing."""
import resource
import subprocess
import time

from house import House, MEETING, memory_kib, switches

QUIET = 10


def measure(bench):
    house = House(bench, "idle", limits=["connections = 20000",
                                         "idle-time = 5 min"]).furnish()
    house.start()
    house.fetch(MEETING)
    time.sleep(12)  # the start has its own deadlines
    before, cpu = switches(house.pid), house.cpu()
    time.sleep(QUIET)
    bench.row("P9", "RSS of an idle server",
              f"{memory_kib(house.pid) / 1024:.1f} MiB", "15 MiB",
              memory_kib(house.pid) / 1024 / 15, 1)
    woken = switches(house.pid) - before
    bench.row("P9", f"times woken in {QUIET} idle seconds", str(woken), "0",
              woken, 0, note=f"{house.cpu() - cpu:.0f} us CPU")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(10000, most - 200)
    empty = memory_kib(house.pid)
    crowd = subprocess.Popen(
        [str(bench.build / "tests/bench/http_load"), "idle",
         str(house.port), MEETING, str(count), "8"], stdout=subprocess.PIPE)
    crowd.stdout.readline()
    time.sleep(0.5)
    each = (memory_kib(house.pid) - empty) / count
    bench.row("P9", f"each of {count:,} idle connections",
              f"{each:.2f} KiB", "1.5 KiB", each / 1.5, 1)
    before = switches(house.pid)
    time.sleep(3)
    bench.row("P9", "times woken in 3 s with all of them",
              str(switches(house.pid) - before))
    crowd.terminate()
    crowd.wait()
    house.stop()
