"""A mail relay that can be told, for each letter, how to misbehave."""
import asyncio
import email
import email.policy
import threading

# What it does when a letter comes; each is one way in which real relays fail.
TROUBLES = (
    "hangs up before the greeting",
    "greets with 421",
    "greets with rubbish",
    "hangs up after EHLO",
    "451 at MAIL",
    "452 at RCPT",
    "hangs up at DATA",
    "hangs up within the letter",
    "451 after the letter",
    "a reply of 40 lines with 451",
    "takes the letter and hangs up",
    "says nothing any more",
)


class Relay:
    """`mood()` is asked for each letter: None takes it, else one of
    TROUBLES. What was taken, whatever the courier heard of it, is kept in
    `taken` as (recipient, message) in order."""

    def __init__(self, port, mood=lambda: None):
        self.mood, self.port = mood, port
        self.taken, self.troubles = [], []
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self.meet, "127.0.0.1", port, backlog=512))
        self.thread = threading.Thread(target=self.loop.run_forever,
                                       daemon=True)
        self.thread.start()

    def close(self):
        async def end():
            self.server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def messages(self):
        return [(address, email.message_from_bytes(
            content, policy=email.policy.default))
            for address, content in self.taken]

    async def meet(self, reader, writer):
        try:
            await Talk(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, HangUp):
            pass
        finally:
            writer.close()


class HangUp(Exception):
    pass


class Talk:
    def __init__(self, relay, reader, writer):
        self.relay, self.reader, self.writer = relay, reader, writer
        self.trouble = None

    def next_letter(self):
        self.trouble = self.relay.mood()
        if self.trouble:
            self.relay.troubles.append(self.trouble)

    async def say(self, words, unless=(), instead=None):
        """Says it, or does what the trouble asks for at this place."""
        if self.trouble == "says nothing any more":
            await asyncio.sleep(3600)
        if self.trouble in unless:
            if instead is None:
                raise HangUp
            words = instead
        self.writer.write(words.encode() + b"\r\n")
        await self.writer.drain()

    async def hold(self):
        self.next_letter()
        if self.trouble == "greets with 421":
            return await self.say("421 4.3.2 later")
        if self.trouble == "greets with rubbish":
            return await self.say("\x00\xff who is there")
        await self.say("220 relay.example.org",
                       unless=("hangs up before the greeting",))
        sender = recipient = None
        while True:
            line = await self.reader.readline()
            if not line:
                return
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                await self.say("250 relay.example.org",
                               unless=("hangs up after EHLO",))
            elif verb == b"MAIL":
                if sender is not None:
                    self.next_letter()
                sender, recipient = line, None
                await self.say("250 2.1.0 ok", ("451 at MAIL",),
                               "451 4.3.0 not now")
            elif verb == b"RCPT":
                recipient = line.split(b"<")[1].split(b">")[0].decode()
                await self.say("250 2.1.5 ok", ("452 at RCPT",),
                               "452 4.2.2 full")
            elif verb == b"DATA":
                await self.data(recipient)
            elif verb == b"QUIT":
                return await self.say("221 bye")
            else:
                await self.say("250 ok")

    async def data(self, recipient):
        await self.say("354 go on", unless=("hangs up at DATA",))
        if self.trouble == "hangs up within the letter":
            await self.reader.read(200)
            raise HangUp
        content = await self.reader.readuntil(b"\r\n.\r\n")
        if self.trouble == "451 after the letter":
            return await self.say("451 4.3.0 thought better of it")
        if self.trouble == "a reply of 40 lines with 451":
            return await self.say("451-no\r\n" * 40 + "451 no")
        self.relay.taken.append(
            (recipient, content[:-3].replace(b"\r\n..", b"\r\n.")))
        await self.say("250 2.0.0 kept",
                       unless=("takes the letter and hangs up",))
