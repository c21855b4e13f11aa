"""A server as a service manager runs it: sockets handed over, a socket to be
told things at, signals."""
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from conftest import BINARY, SANITIZER, Client, Site, free_port, wait_for


class Manager:
    """What systemd is to a service of Type=notify."""

    def __init__(self, folder, abstract=False):
        path = str(pathlib.Path(folder) / "notify.sock")
        self.name = "@" + path if abstract else path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + path if abstract else path)
        self.heard = []  # (when, line)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while True:
            message = self.socket.recv(4096).decode()
            if not message:
                return
            now = time.monotonic()
            self.heard += [(now, line) for line in message.split("\n")]

    def lines(self):
        return [line for _, line in self.heard]

    def count(self, line, since=0.0):
        return sum(1 for at, got in self.heard if got == line and at > since)

    def close(self):
        # Or else the thread reads from whatever gets the number next.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


class Service(Site):
    """`convened serve` on the folder of a demonstration."""

    def __init__(self, folder, manager=None, sockets=(), watchdog=None,
                 words=(), wrap=()):
        super().__init__(folder, wrap=wrap)
        self.manager, self.sockets = manager, list(sockets)
        self.watchdog, self.words = watchdog, list(words)

    @property
    def config(self):
        return self.folder / "convened.conf"

    def prepare(self):
        """Makes the folder, by a demonstration that ends at once."""
        super().start()
        super().stop()
        return self

    def configure(self, section, **values):
        """Adds keys in a section of their own at the end of the file."""
        text = self.config.read_text()
        lines = [f"{k.replace('_', '-')} = {v}" for k, v in values.items()]
        if f"[{section}]\n" in text:
            text = text.replace(f"[{section}]\n",
                                "\n".join([f"[{section}]", *lines, ""]), 1)
        else:
            text += "\n".join(["", f"[{section}]", *lines, ""])
        self.config.write_text(text)

    def environment(self):
        env = dict(os.environ)
        if self.manager:
            env["NOTIFY_SOCKET"] = self.manager.name
        if self.watchdog:
            env["WATCHDOG_USEC"] = str(int(self.watchdog * 1e6))
        if self.sockets:
            env["LISTEN_FDS"] = str(len(self.sockets))
            env["LISTEN_FDNAMES"] = ":".join(n for n, _ in self.sockets)
        return env

    def hand_over(self):
        """In the child: the sockets become 3, 4 …"""
        high = [os.dup(s.fileno()) for _, s in self.sockets]
        high = [os.dup2(fd, 200 + i) for i, fd in enumerate(high)]
        for i, fd in enumerate(high):
            os.dup2(fd, 3 + i)
            os.set_inheritable(3 + i, True)

    def begin(self):
        words = self.wrap + [str(BINARY), "--config", str(self.config),
                             "serve", *self.words]
        if self.sockets:  # LISTEN_PID is the server's own
            words = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", *words]
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            words, stdout=self.log, stderr=self.log,
            stdin=subprocess.DEVNULL, env=self.environment(),
            preexec_fn=self.hand_over if self.sockets else None,
            pass_fds=tuple(range(3, 3 + len(self.sockets))))
        return self

    def start(self):
        self.begin()
        wait_for(self.answers, 60, "the server to answer")
        return self

    def reload(self, said="reloaded"):
        before = self.log_text().count(said)
        self.process.send_signal(signal.SIGHUP)
        wait_for(lambda: self.log_text().count(said) > before, 20, said)

    def threads(self, name):
        """Thread ids by what they are called."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return [int(t.name) for t in tasks.iterdir()
                if (t / "comm").read_text().strip() == name]

    def cpu_ms(self):
        """User and system time so far."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / \
            os.sysconf("SC_CLK_TCK")

    def own_mib(self):
        """Memory of its own, without the pages of shared libraries."""
        for line in pathlib.Path(
                f"/proc/{self.process.pid}/status").read_text().split("\n"):
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no RssAnon")


class Crowd:
    """Visitors that ask again and again, some on kept connections, and note
    whatever does not go as it should."""

    def __init__(self, port, path="/de/", rate=200, kept=4, fresh=4):
        self.port, self.path = port, path
        self.pause = (kept + fresh) / rate
        self.faults, self.answered = [], 0
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.visit, args=(k < kept,))
                        for k in range(kept + fresh)]

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for t in self.threads:
            t.join()

    def visit(self, keeps):
        connection = None
        while not self.over.is_set():
            try:
                if connection is None:
                    connection = Visitor(self.port)
                ends = connection.ask(self.path)
                with self.lock:
                    self.answered += 1
                if ends or not keeps:
                    connection.close()
                    connection = None
            except Exception as fault:  # noqa: BLE001
                with self.lock:
                    self.faults.append(repr(fault))
                connection = None
            self.over.wait(self.pause)


class Visitor:
    """One connection, by hand, so that nothing is tried twice."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.port = port
        self.file = self.socket.makefile("rb")

    def ask(self, path):
        """True: the server said that it closes."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n"
                            f"Host: 127.0.0.1:{self.port}\r\n\r\n".encode())
        status = self.file.readline()
        if b" 200 " not in status:
            raise AssertionError(f"answer {status!r}")
        length, ends = 0, False
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
            if name.lower() == "connection":
                ends = "close" in value
        body = self.file.read(length)
        if len(body) != length or not length:
            raise AssertionError(f"{len(body)} of {length} bytes")
        return ends

    def close(self):
        self.file.close()
        self.socket.close()


def listening_socket(port=0):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port))
    s.listen(4096)
    return s


__all__ = ["BINARY", "SANITIZER", "Client", "Crowd", "Manager", "Service",
           "Visitor", "free_port", "listening_socket",
           "wait_for"]
