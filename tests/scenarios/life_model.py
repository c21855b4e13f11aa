"""What may happen to registrations, said a second time and more simply than
in daemon/rules: the model that test_prove_life.py holds against the rules."""
import copy
from dataclasses import dataclass, field

NOON, HOUR, DAY = 1800000000, 3600, 86400
# The meeting of tests/store_house.c.
OPENS, CLOSES = NOON - DAY, NOON + 20 * DAY
STARTS, ENDS = NOON + 30 * DAY, NOON + 30 * DAY + 6 * HOUR

REGISTERED, UNCONFIRMED, PENDING, WAITING, ALREADY, NOT_OPEN, FULL = range(7)
QUIET = 600
MODES = {"o": "onsite", "i": "online"}
NONE, HOLDS, FREE = range(3)


@dataclass
class Terms:
    waiting: bool
    claim: int
    confirm: int
    approval: int
    passing: bool
    onsite: int
    online: int


@dataclass(eq=False)
class Person:
    name: str
    mode: str
    own: bool
    wants: bool
    party: list = field(repr=False)
    lead: "Person" = None
    confirm_by: int = 0
    undecided: bool = False
    gone: str = ""
    stripped: bool = False
    created: int = 0
    seats: set = field(default_factory=set)
    waits: dict = field(default_factory=dict)   # pool: [order, claim_by]
    invited: bool = False
    withdrawn: bool = False   # a CANCEL was ever written
    handed: bool = False      # was somebody else's
    wrote_at: int = -1        # the newest letter about it

    @property
    def state(self):
        if self.gone:
            return self.gone
        if self.confirm_by:
            return "unconfirmed"
        if self.undecided:
            return "pending"
        held = self.mode in self.seats and self.mode not in self.waits
        return "registered" if held else "waiting"

    @property
    def mailbox(self):
        return self.own or (self.lead is not None and self.lead.own)

    @property
    def live(self):
        return not self.gone


class Model:
    def __init__(self, terms):
        self.terms = terms
        self.people = []          # in the order of their rows
        self.capacity = {"onsite": terms.onsite, "online": terms.online}
        self.order = 0            # of the queues
        self.letters = []         # since the last look

    # -- what is so ------------------------------------------------------

    def named(self, name):
        for person in self.people:
            if person.name == name and not person.stripped:
                return person
        return None

    def taken(self, pool):
        return sum(pool in p.seats for p in self.people)

    def queue(self, pool):
        waiting = [p for p in self.people
                   if pool in p.waits and p.waits[pool][1] == 0]
        return sorted(waiting, key=lambda p: p.waits[pool][0])

    def left(self, pool):
        if self.queue(pool) and not self.terms.passing:
            return 0
        return max(0, self.capacity[pool] - self.taken(pool))

    @staticmethod
    def is_open(now):
        return OPENS <= now < CLOSES

    # -- letters ---------------------------------------------------------

    def write(self, person, kind, now):
        if person.mailbox:
            self.letters.append((person.name, kind))
            person.wrote_at = now

    def settle(self, moves, cause, now):
        """moves: (person, state before or None, mode before)."""
        def moved(move):
            person, was, was_mode = move
            return (person.state != was or
                    (was == "registered" and person.mode != was_mode))

        speaking = [m[0] for m in moves if moved(m)]
        for person, was, was_mode in moves:
            if person not in speaking:
                continue
            if person.own or person.lead not in speaking:
                self.write(person, self.kind(person, was, cause, now), now)
            if person.state == "registered":
                if person.own and person.wants:
                    self.write(person, "invitation", now)
                    person.invited = True
            elif was == "registered" and person.invited and not person.live:
                self.write(person, "withdrawal", now)
                person.invited, person.withdrawn = False, True

    @staticmethod
    def kind(person, was, cause, now):
        state = person.state
        # Her party holds an offer already.
        if state == "waiting" and any(by > now
                                      for _, by in person.waits.values()):
            return "offer"
        if state == "registered":
            if cause == "queue":
                return "moved-up"
            return ("changed" if was == "registered" and cause != "claim"
                    else "confirmation")
        return {"unconfirmed": "confirm-address", "pending": "pending",
                "waiting": "waiting", "declined": "declined",
                "cancelled": "lapsed" if cause == "lapse" else "goodbye",
                }[state]

    def tell(self, people, kind, now):
        for person in people:
            if person.own or person.lead not in people:
                self.write(person, kind, now)

    # -- seats -----------------------------------------------------------

    def wait(self, person, pool):
        self.order += 1
        person.waits[pool] = [self.order, 0]

    def fill(self, pools, now):
        if now >= STARTS:
            return
        pools = list(pools)
        for pool in pools:
            while (group := self.next_group(pool)):
                self.seat(group, pool, pools, now)

    def next_group(self, pool):
        room = self.capacity[pool] - self.taken(pool)
        seen = []
        for person in self.queue(pool):
            if any(person.party is party for party in seen):
                continue
            seen.append(person.party)
            group = [p for p in self.queue(pool) if p.party is person.party]
            if len(group) <= room:
                return group
            if not self.terms.passing:
                return None
        return None

    def seat(self, group, pool, pools, now):
        for person in group:
            person.seats.add(pool)
        first = group[0]
        if self.terms.claim and not first.confirm_by and not first.undecided:
            for person in group:
                person.waits[pool][1] = min(now + self.terms.claim, STARTS)
            self.tell(group, "offer", now)
        else:
            self.sit_down(group, pool, pools, "queue", now)

    def sit_down(self, group, pool, pools, cause, now):
        moves = [(p, p.state, p.mode) for p in group]
        for person in group:
            del person.waits[pool]
            person.mode = pool
            for other in sorted(person.seats - {pool}):
                person.seats.remove(other)
                pools.append(other)
        self.settle(moves, cause, now)

    def leave(self, people, now):
        pools = []
        for person in people:
            for pool in ("onsite", "online"):
                if pool in person.seats or pool in person.waits:
                    person.seats.discard(pool)
                    person.waits.pop(pool, None)
                    pools.append(pool)
        self.fill(pools, now)

    # -- what people do --------------------------------------------------

    def register(self, now, name, modes, waits, own, invite):
        known = self.named(name)
        if not self.is_open(now):
            return NOT_OPEN
        if known and known.live:
            return self.again(now, known, modes, waits, own, invite)
        return self.place(now, name, modes, waits, own, invite)

    def again(self, now, known, modes, waits, own, invite):
        """Told what somebody new would be; only the mailbox learns more."""
        other = copy.deepcopy(self)
        told = other.place(now, "?", modes, waits, own, invite)
        if known.created > now - QUIET:
            told = {"registered": REGISTERED, "unconfirmed": UNCONFIRMED,
                    "pending": PENDING, "waiting": WAITING}[known.state]
        if known.wrote_at <= now - QUIET:
            self.write(known, "confirm-address"
                       if known.state == "unconfirmed" else "already", now)
        return told

    def place(self, now, name, modes, waits, own, invite):
        terms = self.terms
        later = terms.approval == FREE
        seated = {}
        for mode in MODES.values():
            wanting = [i for i, m in enumerate(modes) if MODES[m] == mode]
            if not wanting or later:
                continue
            seated[mode] = self.left(mode) >= len(wanting)
            may_wait = terms.waiting and all(waits[i] == "1" for i in wanting)
            if not seated[mode] and (not may_wait or
                                     len(wanting) > self.capacity[mode]):
                return FULL
        party, moves = [], []
        for i, m in enumerate(modes):
            person = Person(
                name=name if i == 0 else f"{name}-{i}", mode=MODES[m],
                own=i == 0 or own[i] == "1", wants=invite == "1",
                party=party, created=now,
                confirm_by=min(now + terms.confirm, ENDS)
                if terms.confirm else 0,
                undecided=terms.approval != NONE)
            if not person.own:
                person.lead = party[0]
            if not later and seated[person.mode]:
                person.seats.add(person.mode)
            elif not later:
                self.wait(person, person.mode)
            party.append(person)
            self.people.append(person)
            moves.append((person, None, person.mode))
        self.settle(moves, "", now)
        return {"registered": REGISTERED, "unconfirmed": UNCONFIRMED,
                "pending": PENDING, "waiting": WAITING}[party[0].state]

    def cancel(self, now, name, whole):
        asking = self.named(name)
        if whole != "1" and not asking.live:
            return 1
        if now >= ENDS:
            return 2
        # Of those who are still there: somebody has to speak for all.
        first = next(p for p in asking.party if not p.stripped) is asking
        meant = [p for p in asking.party if p is asking or (whole == "1" and
                 (first or p.lead is asking))]
        meant = [p for p in meant if p.live]
        if not meant:
            return 1
        moves = [(p, p.state, p.mode) for p in meant]
        for person in meant:
            person.gone = "cancelled"
            if person is asking or person.lead is asking:
                person.confirm_by = 0
        self.settle(moves, "", now)
        self.leave(meant, now)
        return 0

    def undo(self, now, name, may_wait):
        person = self.named(name)
        if person.live:
            return 2
        if person.gone == "declined" or not self.is_open(now):
            return 3
        outcome = 0
        if not (person.undecided and self.terms.approval == FREE):
            if self.left(person.mode) >= 1:
                person.seats.add(person.mode)
            elif may_wait == "1" and self.terms.waiting:
                self.wait(person, person.mode)
                outcome = 1
            else:
                return 4
        person.gone, person.confirm_by = "", 0
        self.settle([(person, "cancelled", person.mode)], "", now)
        return outcome

    @staticmethod
    def closed(person, now):
        return not person.live or now >= ENDS

    def confirm(self, now, name):
        person = self.named(name)
        if self.closed(person, now):
            return 3
        if not person.confirm_by:
            return 1
        if person.confirm_by <= now:
            return 2
        meant = [person] + [p for p in self.people if p.lead is person and
                            p.confirm_by and p.live]
        moves = [(p, p.state, p.mode) for p in meant]
        for p in meant:
            p.confirm_by = 0
        self.settle(moves, "", now)
        return 0

    def claim(self, now, name):
        person = self.named(name)
        if self.closed(person, now):
            return 3
        outcome = 1
        for pool, (_, claim_by) in sorted(person.waits.items(),
                                          key=lambda item: item[1][0]):
            if not claim_by:
                continue
            if claim_by <= now:
                outcome = 2
                continue
            outcome = 0
            group = self.offered(person, pool)
            pools = []
            self.sit_down(group, pool, pools, "claim", now)
            self.fill(pools, now)
        return outcome

    def offered(self, person, pool):
        group = [p for p in person.party
                 if pool in p.waits and p.waits[pool][1]]
        return sorted(group, key=lambda p: p.waits[pool][0])

    def decide(self, now, name, approved):
        person = self.named(name)
        if person.state != "pending":
            return 1
        if now >= ENDS:
            return 3
        before = (person, person.state, person.mode)
        if approved != "1":
            person.gone, person.undecided = "declined", False
            self.settle([before], "", now)
            self.leave([person], now)
            return 0
        if not person.seats and not person.waits:
            if self.left(person.mode) >= 1:
                person.seats.add(person.mode)
            elif self.terms.waiting:
                self.wait(person, person.mode)
            else:
                return 2
        person.undecided = False
        self.settle([before], "", now)
        return 0

    def switch(self, now, name, mode, may_wait):
        person = self.named(name)
        to, was = MODES[mode], person.mode
        if self.closed(person, now):
            return 6
        if now >= STARTS:
            return 5
        if to == was:
            return 2
        before = (person, person.state, was)
        if person.undecided and self.terms.approval == FREE and \
                not person.seats and not person.waits:
            person.mode = to
            self.settle([before], "", now)
            return 0
        place = person.waits.get(to)
        if place and place[1] > now:
            pools = []
            self.sit_down(self.offered(person, to), to, pools, "claim", now)
            self.fill(pools, now)
            return 0
        held = was in person.seats and was not in person.waits
        outcome = 0
        if (not place or (place[1] == 0 and self.terms.passing)) and \
                self.left(to) >= 1:
            person.seats.add(to)
            person.waits.pop(to, None)
        elif place:
            return 2
        elif may_wait != "1" or not self.terms.waiting:
            return 4
        else:
            self.wait(person, to)
            outcome = 1
            if held:
                return outcome
        person.mode = to
        self.settle([before], "", now)
        self.leave_pool(person, was, now)
        return outcome

    def stop(self, now, name):
        person = self.named(name)
        if self.closed(person, now):
            return 6
        other = "online" if person.mode == "onsite" else "onsite"
        held = person.mode in person.seats and person.mode not in person.waits
        if not held or other not in person.waits:
            return 2
        self.leave_pool(person, other, now)
        return 0

    def leave_pool(self, person, pool, now):
        if pool in person.seats or pool in person.waits:
            person.seats.discard(pool)
            person.waits.pop(pool, None)
            self.fill([pool], now)

    def hand(self, now, name, to, invite):
        person = self.named(name)
        if person.state != "registered" or now >= ENDS:
            return 4
        if now >= STARTS:
            return 3
        # Nobody else has agreed to wait for the other mode.
        for pool in [p for p in ("onsite", "online") if p in person.waits]:
            person.waits.pop(pool)
            person.seats.discard(pool)
            self.fill([pool], now)
        person.name = to
        if person.invited:
            self.letters.append((to, "withdrawal"))
        if person.mailbox:
            self.letters.append((to, "handed-over"))
        person.own, person.lead, person.handed = True, None, True
        person.wants, person.invited = invite == "1", False
        terms = self.terms
        person.confirm_by = min(now + terms.confirm, ENDS) \
            if terms.confirm else 0
        person.undecided = terms.approval != NONE
        self.settle([(person, None, person.mode)], "", now)
        return 0

    def erase(self, now, name):
        self.forget(self.named(name), now)
        return 0

    def forget(self, person, now):
        ahead = now < ENDS
        if person.live and ahead:
            person.gone = "cancelled"
            if person.invited:
                self.letters.append(("-", "withdrawal"))
                person.withdrawn = True
        # Nothing goes to that mailbox any more, not about companions either.
        gone = {person.name}
        for other in self.people:
            if other.lead is person:
                other.lead = None
                gone.add(other.name)
        self.leave([person], now)
        self.letters = [(n, k) for n, k in self.letters if n not in gone]
        # Whose calendar entry is still to be withdrawn keeps the address for
        # that; nothing else.
        if person.withdrawn and ahead:
            person.stripped, person.gone = True, "cancelled"
            person.confirm_by = 0
        else:
            self.people.remove(person)
            person.party.remove(person)

    def capacity_of(self, now, mode, seats):
        mode, seats = MODES[mode], int(seats)
        if seats < self.taken(mode):
            return 1
        self.capacity[mode] = seats
        self.fill([mode], now)
        return 0

    def expire(self, now):
        while True:
            lapsed = [(p.waits[pool][1], p.waits[pool][0], p, pool)
                      for p in self.people for pool in p.waits
                      if 0 < p.waits[pool][1] <= now]
            if lapsed:
                _, _, person, pool = min(lapsed, key=lambda l: l[:2])
                self.lapse(self.offered(person, pool), pool, now)
                continue
            late = [p for p in self.people if 0 < p.confirm_by <= now]
            if not late:
                return 0
            late.sort(key=lambda p: (p.confirm_by, self.people.index(p)))
            for person in late[:3]:
                self.forget(person, now)

    def lapse(self, group, pool, now):
        kept, moves = [], []
        for person in group:
            before = (person, person.state, person.mode)
            held = person.mode in person.seats and \
                person.mode not in person.waits
            person.seats.discard(pool)
            del person.waits[pool]
            if held:
                kept.append(person)
            else:
                person.gone = "cancelled"
                moves.append(before)
        self.tell(kept, "lapsed", now)
        self.settle(moves, "lapse", now)
        self.leave([p for p, _, _ in moves], now)
        self.fill([pool], now)
