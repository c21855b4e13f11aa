#!/usr/bin/python3
"""powerloss.py - would a power cut have lost what the server had already acknowledged?

A kill -9 proves little: the kernel still holds the pages.  This reads strace logs of a
server under load, rebuilds for many moments of the run what the disk may have held
(everything synced, plus none, all, or any subset of the unsynced writes, the last one
torn), opens each such database and checks it and every acknowledgement given so far.

  strace -f -y -qq -xx -s 1048576 -o run.log \\
    -e trace=openat,pwrite64,ftruncate,fdatasync,fsync,unlink,rename,write,writev,sendto,sendmsg  SERVER ...
  powerloss.py run.log --db app.db --ack 'Location: ([^\\r]+)' --names acks.tsv \\
    --sql 'select 1 from registration where address=?' --whole 'select count(*) from ...'

Several logs are one after the other: a server that was stopped and started again.
--ack    pattern over what the process wrote to anything but the database; group 1 names the thing acknowledged
--names  a file of lines "acknowledged<TAB>name", as the client knows them; then --sql asks for the name
--sql    must give a row for it
--whole  (again and again) must give 0, in every state: nothing is half there
--start DIR  files (app.db ...) as they were before the run, if it did not start empty
Standard library only.  Last line: 'N crash points, C corrupt, L with acknowledged data lost'.  Exit 1 if C or L.
"""
import argparse
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile

CALL = re.compile(r"^(?:\[pid +)?(\d+)?\]? *(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
FD = re.compile(r"(\d+)(?:<([^>]*)>)?")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
HEX = re.compile(r"\\x([0-9a-f]{2})")


def raw(s):
    return bytes.fromhex(s.replace("\\x", ""))


def base_of(path):
    """strace -xx writes the paths of -y in hex too"""
    return os.path.basename(HEX.sub(lambda m: chr(int(m.group(1), 16)), path))


def lines(path):
    """strace splits calls of concurrent threads; put them together again, at the place where they ended"""
    open_calls = {}
    with open(path, errors="replace") as f:
        for line in f:
            pid = line.split(None, 1)[0] if line[:1].isdigit() else ""
            if line.rstrip().endswith("<unfinished ...>"):
                open_calls[pid] = line.rstrip()[:-len("<unfinished ...>")].rstrip()
                continue
            m = re.match(r"^(\d+ +)?<\.\.\. \w+ resumed>(.*)$", line.rstrip())
            if m and pid in open_calls:
                line = open_calls.pop(pid) + m.group(2)
            yield line


class Trace:
    """What one log did to the files whose names begin with `base`, and what it acknowledged: tuples
    ("w", name, offset, bytes) ("t", name, length) ("s", name) ("u", name) ("r", old, new) ("a", text)"""

    def __init__(self, base, ack):
        self.base, self.ack = base, ack
        self.names = {}         # by descriptor, for logs without -y
        self.at = {}            # where write() goes on, by name: files written from end to end
        self.events = []

    def ours(self, name):
        return name.startswith(self.base) and not name.endswith("-shm")

    def read(self, path):
        for line in lines(path):
            m = CALL.match(line)
            if m and not m.group(4).startswith("-"):
                self.take(m.group(2), m.group(3), m.group(4), TEXT.findall(m.group(3)))

    def name_of(self, args):
        fd = FD.match(args)
        if not fd:
            return ""
        return base_of(fd.group(2)) if fd.group(2) is not None else self.names.get(fd.group(1), "")

    def take(self, call, args, ret, texts):
        if call == "openat":
            if texts:
                self.opened(base_of(texts[0]), args, ret)
        elif call == "unlink":
            if texts and self.ours(base_of(texts[0])):
                self.events.append(("u", base_of(texts[0])))
        elif call == "rename":
            if len(texts) > 1 and self.ours(base_of(texts[1])):
                self.events.append(("r", base_of(texts[0]), base_of(texts[1])))
        else:
            self.wrote(call, self.name_of(args), args, int(ret), texts)

    def opened(self, name, args, ret):
        self.names[ret] = name
        self.at[name] = 0
        if self.ours(name) and "O_TRUNC" in args:
            self.events.append(("t", name, 0))

    def wrote(self, call, name, args, ret, texts):
        if call in ("fdatasync", "fsync"):
            if self.ours(name):
                self.events.append(("s", name))
        elif call == "ftruncate":
            if self.ours(name):
                self.events.append(("t", name, int(args.rsplit(",", 1)[1])))
        elif self.ours(name):
            at = int(args.rsplit(",", 1)[1]) if call == "pwrite64" else self.at.get(name, 0)
            self.at[name] = at + ret
            self.events.append(("w", name, at, b"".join(raw(t) for t in texts)[:ret]))
        elif call != "pwrite64":
            for g in self.ack.finditer(b"".join(raw(t) for t in texts)):
                self.events.append(("a", (g.group(1) if g.groups() else g.group(0)).decode("utf-8", "replace")))


def apply(files, e):
    b = files.setdefault(e[1], bytearray())
    if e[0] == "t":
        del b[e[2]:]
        b.extend(bytes(e[2] - len(b)))
    else:
        if len(b) < e[2]:
            b.extend(bytes(e[2] - len(b)))
        b[e[2]:e[2] + len(e[3])] = e[3]


class Disk:
    """What is certainly on the disk, what may be, and what was acknowledged, as the run goes on"""

    def __init__(self, start):
        self.durable = {k: bytearray(v) for k, v in start.items()}
        self.pending, self.acked = [], []

    def take(self, e):
        if e[0] in "wt":
            self.pending.append(e)
        elif e[0] == "s":
            for p in self.pending:
                if p[1] == e[1]:
                    apply(self.durable, p)
            self.pending = [p for p in self.pending if p[1] != e[1]]
        elif e[0] == "u":
            self.durable.pop(e[1], None)
            self.pending = [p for p in self.pending if p[1] != e[1]]
        elif e[0] == "r":
            if e[1] in self.durable:
                self.durable[e[2]] = self.durable.pop(e[1])
            self.pending = [(p[0], e[2]) + p[2:] if p[1] == e[1] else p for p in self.pending]
        else:
            self.acked.append(e[1])

    def after_cut(self, mode, rnd):
        keep = [p for p in self.pending if mode == "all" or (mode == "some" and rnd.random() < 0.5)]
        if mode == "some" and keep and keep[-1][0] == "w" and len(keep[-1][3]) > 512:
            p = keep[-1]                        # the last write reached the disk in part
            keep[-1] = (p[0], p[1], p[2], p[3][:rnd.randrange(0, len(p[3]), 512)])
        files = {k: bytearray(v) for k, v in self.durable.items()}
        for p in keep:
            apply(files, p)
        return files


def crash_states(evs, start, points, rnd):
    """(number of the event, mode, files, acknowledged) for so many moments of the run, three each"""
    cuts = set([len(evs)] + rnd.sample(range(1, len(evs) + 1), min(points, len(evs))))
    disk = Disk(start)
    for n, e in enumerate(evs, 1):
        disk.take(e)
        if n in cuts:
            for mode in ("none", "all", "some"):
                yield n, mode, disk.after_cut(mode, rnd), disk.acked


def judge(path, acked, opt):
    """(a word that is "ok", acknowledged things that are missing)"""
    missing = []
    try:
        d = sqlite3.connect(path)
        word = d.execute("pragma integrity_check").fetchone()[0]
        for a in acked:
            try:
                if d.execute(opt.sql, (a,)).fetchone() is None:
                    missing.append(a)
            except sqlite3.OperationalError:
                missing.append(a)
        there = d.execute("select count(*) from sqlite_schema").fetchone()[0]
        for sql in opt.whole if there else []:
            n = d.execute(sql).fetchone()[0]
            if n:
                word = "%d of: %s" % (n, sql)
        d.close()
    except sqlite3.DatabaseError as e:
        word = str(e)
        missing = list(acked)
    return word, missing


def put(files, folder):
    for n, b in files.items():
        with open(os.path.join(folder, n), "wb") as f:
            f.write(b)


def read_names(path):
    with open(path) as f:
        return dict(line.rstrip("\n").split("\t", 1) for line in f)


def events_of(paths, base, ack, names):
    """names: what an acknowledgement is called, None if it is its own name. One that nobody knows is an error."""
    trace = Trace(base, re.compile(ack.encode()))
    for path in paths:
        trace.read(path)
    if names is None:
        return trace.events
    return [("a", names[e[1]]) if e[0] == "a" else e for e in trace.events]


def main():
    ap = argparse.ArgumentParser(description="rebuild crash states from strace logs and check them")
    ap.add_argument("log", nargs="+")
    ap.add_argument("--db", required=True, help="base name of the database file")
    ap.add_argument("--ack", required=True)
    ap.add_argument("--names")
    ap.add_argument("--sql", required=True)
    ap.add_argument("--whole", action="append", default=[])
    ap.add_argument("--start", help="folder with the files before the run")
    ap.add_argument("--points", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1)
    opt = ap.parse_args()
    evs = events_of(opt.log, opt.db, opt.ack, read_names(opt.names) if opt.names else None)
    start = {}
    if opt.start:
        for n in os.listdir(opt.start):
            if n.startswith(opt.db) and not n.endswith("-shm"):
                with open(os.path.join(opt.start, n), "rb") as f:
                    start[n] = f.read()
    syncs = sum(e[0] == "s" for e in evs)
    acks = sum(e[0] == "a" for e in evs)
    print("%d writes, %d syncs, %d acknowledgements in the log" % (sum(e[0] in "wt" for e in evs), syncs, acks))
    if not acks or not evs:
        print("nothing to judge: no acknowledgement matched")
        print("0 crash points, 0 corrupt, 0 with acknowledged data lost")
        return 2
    points = corrupt = lost = shown = 0
    for cut, mode, files, acked in crash_states(evs, start, opt.points, random.Random(opt.seed)):
        tmp = tempfile.mkdtemp(prefix="powerloss")
        try:
            put(files, tmp)
            points += 1
            word, missing = judge(os.path.join(tmp, opt.db), acked, opt)
            corrupt += word != "ok"
            lost += bool(missing)
            if (word != "ok" or missing) and shown < 10:
                shown += 1
                print("after event %d of %d, unsynced writes: %s: %s, %d of %d acknowledged missing" % (cut, len(evs), mode, word, len(missing), len(acked)))
        finally:
            shutil.rmtree(tmp)
    print("%d crash points, %d corrupt, %d with acknowledged data lost" % (points, corrupt, lost))
    return 1 if corrupt or lost else 0


if __name__ == "__main__":
    sys.exit(main())
