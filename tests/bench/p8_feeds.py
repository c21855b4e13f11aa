"""P8: feeds of 10 to 10,000 meetings: what a meeting costs when the feed is
built anew, and what asking for the feed costs after that."""
from fill import fill
from house import House, MEETING, median

SIZES = (10, 100, 1000, 10000)
FEED = "/calendars/bench.ics"
ROUNDS = 3


def build(house):
    """CPU of the first GET after a start, less what any first GET costs."""
    house.start()
    house.fetch(MEETING)
    before = house.cpu()
    house.fetch(FEED)
    return house.cpu() - before


def measure(bench):
    costs, gets = {}, {}
    for size in SIZES:
        house = House(bench, f"feed{size}").furnish()
        fill(house.database, "meetings", size - 1)
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(build(house))
            if len(rounds) < ROUNDS:
                house.stop()
        costs[size] = median(rounds) / size
        length = len(house.fetch(FEED))
        before = house.cpu()
        got = bench.tool("http_load", "get", house.port, FEED, 16, 1, "same")
        gets[size] = (house.cpu() - before) / got["answers"]
        house.stop()
        bench.row("P8", f"feed of {size:,} meetings, built",
                  f"{costs[size]:.1f} us each", f"{length // 1024:,} KiB")
    bench.row("P8", "a meeting of 10,000 against one of 100",
              f"{costs[10000]:.1f} us", f"{costs[100]:.1f} us",
              costs[10000] / costs[100], 1.3)
    bench.row("P8", "asking (304) for 10,000 against 10",
              f"{gets[10000]:.2f} us", f"{gets[10]:.2f} us",
              gets[10000] / gets[10], 1.2)
