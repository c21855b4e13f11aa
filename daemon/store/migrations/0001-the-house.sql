-- The house as it was first built. Times are seconds since 1970, UTC; 0 means
-- "has not happened". Ids seen outside are 16 random bytes. Enumerations are
-- the numbers of daemon/model's enums. Never edited once released: changes
-- come as further files.

CREATE TABLE alliance (
    id              INTEGER PRIMARY KEY, -- inside only
    parent_id       INTEGER REFERENCES alliance (id), -- NULL: no parent
    slug            TEXT NOT NULL UNIQUE, -- its part of an address
    name_de         TEXT NOT NULL, -- German name
    name_en         TEXT NOT NULL, -- English name, may be empty
    about_de        TEXT NOT NULL, -- Markdown, German
    about_en        TEXT NOT NULL, -- Markdown, English, may be empty
    contact_name    TEXT NOT NULL, -- a human to ask
    contact_email   TEXT NOT NULL, -- Reply-To of confirmations
    contact_phone   TEXT NOT NULL, -- may be empty
    mail_from       TEXT NOT NULL, -- the one lasting mailbox: From, ORGANIZER
    color           TEXT NOT NULL, -- CSS3 name, for calendars
    lang            INTEGER NOT NULL CHECK (lang IN (0, 1)), -- of its feeds
    invite_default  INTEGER NOT NULL CHECK (invite_default IN (0, 1)), -- the
                                         -- invitation's box is ticked at first
    created_at      INTEGER NOT NULL, -- when it was added
    changed_at      INTEGER NOT NULL, -- last change of this row
    feed_changed_at INTEGER NOT NULL DEFAULT 0 -- last time a meeting left its
                                               -- feeds by being deleted
) STRICT;
CREATE INDEX alliance_parent ON alliance (parent_id);

CREATE TABLE bench (
    id          INTEGER PRIMARY KEY, -- inside only
    alliance_id INTEGER NOT NULL REFERENCES alliance (id), -- whose group
    name_de     TEXT NOT NULL, -- German name
    name_en     TEXT NOT NULL, -- English name, may be empty
    UNIQUE (alliance_id, name_de)
) STRICT;

CREATE TABLE organisation (
    id          INTEGER PRIMARY KEY, -- inside only
    alliance_id INTEGER NOT NULL REFERENCES alliance (id), -- whose member
    bench_id    INTEGER REFERENCES bench (id), -- its group; NULL: none
    name        TEXT NOT NULL, -- as it calls itself
    UNIQUE (alliance_id, name)
) STRICT;
CREATE INDEX organisation_bench ON organisation (bench_id);

CREATE TABLE meeting (
    id              INTEGER PRIMARY KEY, -- inside only
    alliance_id     INTEGER NOT NULL REFERENCES alliance (id), -- its host
    slug            TEXT NOT NULL, -- its part of an address
    uid             TEXT NOT NULL UNIQUE, -- of the public calendar event
    sequence        INTEGER NOT NULL, -- iCalendar SEQUENCE of that event
    state           INTEGER NOT NULL CHECK (state IN (0, 1, 2)), -- draft,
                                                     -- published, cancelled
    visibility      INTEGER NOT NULL CHECK (visibility IN (0, 1, 2)), --
                                                -- public, unlisted, invited
    title_de        TEXT NOT NULL, -- German title
    title_en        TEXT NOT NULL, -- English title, may be empty
    summary_de      TEXT NOT NULL, -- one sentence, German
    summary_en      TEXT NOT NULL, -- one sentence, English, may be empty
    about_de        TEXT NOT NULL, -- Markdown, German
    about_en        TEXT NOT NULL, -- Markdown, English, may be empty
    zone            TEXT NOT NULL, -- IANA name of its wall clock
    starts_at       INTEGER NOT NULL, -- begin
    ends_at         INTEGER NOT NULL, -- end, exclusive
    opens_at        INTEGER NOT NULL, -- registration opens; 0: at once
    closes_at       INTEGER NOT NULL, -- registration closes
    venue_name      TEXT NOT NULL, -- house; empty: online only
    venue_street    TEXT NOT NULL, -- street and number
    venue_postcode  TEXT NOT NULL, -- text: 01067 begins with a zero
    venue_town      TEXT NOT NULL, -- town
    venue_access_de TEXT NOT NULL, -- how to get in, German
    venue_access_en TEXT NOT NULL, -- how to get in, English, may be empty
    latitude        REAL, -- degrees north; NULL: not known
    longitude       REAL, -- degrees east; NULL: not known
    join_url        TEXT NOT NULL, -- stream; for registered online people
    scarce          INTEGER NOT NULL CHECK (scarce IN (0, 1)), -- the button
                                                   -- says that it is binding
    ask_organisation INTEGER NOT NULL CHECK (ask_organisation IN (0, 1)), --
                                                -- organisation is compulsory
    keep_days       INTEGER NOT NULL CHECK (keep_days BETWEEN 0 AND 365), --
                                     -- personal data stays so long after it
    created_at      INTEGER NOT NULL, -- when it was added
    changed_at      INTEGER NOT NULL, -- last change that the public can see
    cancelled_at    INTEGER NOT NULL, -- when it was called off
    published_at    INTEGER NOT NULL, -- when it first left the draft state
    UNIQUE (alliance_id, slug),
    CHECK (ends_at > starts_at)
) STRICT;
CREATE INDEX meeting_start ON meeting (starts_at);

CREATE TABLE session (
    id         INTEGER PRIMARY KEY, -- inside only
    meeting_id INTEGER NOT NULL REFERENCES meeting (id), -- whose agenda
    uid        TEXT NOT NULL UNIQUE, -- of its calendar event
    title_de   TEXT NOT NULL, -- German title
    title_en   TEXT NOT NULL, -- English title, may be empty
    about_de   TEXT NOT NULL, -- German text, may be empty
    about_en   TEXT NOT NULL, -- English text, may be empty
    speaker    TEXT NOT NULL, -- who speaks, may be empty
    starts_at  INTEGER NOT NULL, -- begin
    ends_at    INTEGER NOT NULL, -- end, exclusive
    CHECK (ends_at >= starts_at)
) STRICT;
CREATE INDEX session_meeting ON session (meeting_id, starts_at);

-- Anything with a capacity: a mode, a session, or an organisation's quota.
CREATE TABLE pool (
    id              INTEGER PRIMARY KEY, -- inside only
    meeting_id      INTEGER NOT NULL REFERENCES meeting (id), -- where
    mode            INTEGER CHECK (mode IN (0, 1)), -- onsite, online; or NULL
    session_id      INTEGER REFERENCES session (id), -- or NULL
    organisation_id INTEGER REFERENCES organisation (id), -- or NULL
    capacity        INTEGER NOT NULL CHECK (capacity >= 0), -- seats in all
    taken           INTEGER NOT NULL CHECK (taken >= 0), -- seats given away
    CHECK (taken <= capacity),
    CHECK ((mode IS NOT NULL AND session_id IS NULL
            AND organisation_id IS NULL)
        OR (mode IS NULL AND session_id IS NOT NULL
            AND organisation_id IS NULL)
        OR (mode IS NULL AND session_id IS NULL
            AND organisation_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX pool_mode ON pool (meeting_id, mode)
    WHERE mode IS NOT NULL;
CREATE UNIQUE INDEX pool_session ON pool (session_id)
    WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX pool_organisation ON pool (organisation_id, meeting_id)
    WHERE organisation_id IS NOT NULL;

-- Registrations made in one go.
CREATE TABLE party (
    id         INTEGER PRIMARY KEY, -- inside only
    meeting_id INTEGER NOT NULL REFERENCES meeting (id), -- where
    created_at INTEGER NOT NULL -- when it was made
) STRICT;

-- What somebody told about themselves for one meeting; goes first when
-- personal data is erased.
CREATE TABLE person (
    id           INTEGER PRIMARY KEY, -- inside only
    given_name   TEXT NOT NULL, -- may be empty
    family_name  TEXT NOT NULL, -- NFC, as typed
    title        TEXT NOT NULL, -- "Dr.", may be empty
    address      TEXT, -- e-mail as checked; NULL: has none
    organisation TEXT NOT NULL, -- as typed, may be empty
    position     TEXT NOT NULL, -- role there, may be empty
    bench_id     INTEGER REFERENCES bench (id) -- group; NULL: none
) STRICT;
CREATE INDEX person_bench ON person (bench_id) WHERE bench_id IS NOT NULL;

-- The iCalendar invitation of one address to one meeting.
CREATE TABLE invite (
    id         INTEGER PRIMARY KEY, -- inside only
    meeting_id INTEGER NOT NULL REFERENCES meeting (id), -- to what
    address    TEXT NOT NULL, -- the address key
    generation INTEGER NOT NULL, -- one more after each CANCEL
    uid        TEXT NOT NULL, -- unguessable, lasting
    sequence   INTEGER NOT NULL, -- iCalendar SEQUENCE
    stamp      INTEGER NOT NULL, -- DTSTAMP of its last message, grows
    cancelled  INTEGER NOT NULL CHECK (cancelled IN (0, 1)), -- withdrawn
    UNIQUE (meeting_id, address, generation)
) STRICT;

-- One person at one meeting. The three folded columns repeat what person says,
-- so that the duplicate check and the attendee list each read one index; they
-- are erased with the person.
CREATE TABLE registration (
    id           INTEGER PRIMARY KEY, -- inside only
    public_id    BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16), -- what
                                                          -- links speak of
    generation   INTEGER NOT NULL, -- of the manage link
    meeting_id   INTEGER NOT NULL REFERENCES meeting (id), -- where
    party_id     INTEGER NOT NULL REFERENCES party (id), -- made with whom
    person_id    INTEGER NOT NULL UNIQUE REFERENCES person (id), -- who
    mode         INTEGER NOT NULL CHECK (mode IN (0, 1)), -- onsite, online
    state        INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5), --
           -- unconfirmed, pending, registered, waiting, cancelled, declined
    reference    TEXT NOT NULL, -- readable code, unique in the meeting
    lang         INTEGER NOT NULL CHECK (lang IN (0, 1)), -- of its letters
    wants_invite INTEGER NOT NULL CHECK (wants_invite IN (0, 1)), -- calendar
                                                  -- invitation by mail
    invite_id    INTEGER REFERENCES invite (id), -- NULL: none was begun
    created_at   INTEGER NOT NULL, -- when it came in
    changed_at   INTEGER NOT NULL, -- last change of this row
    cancelled_at INTEGER NOT NULL, -- when it was cancelled
    address_key  TEXT, -- of the person's address; NULL: has none
    name_fold    TEXT NOT NULL, -- given and family name, folded for "the same"
    search       TEXT NOT NULL, -- family, given name, organisation, address
                            -- and reference, folded for search and for order
    UNIQUE (meeting_id, reference)
) STRICT;
-- The same person comes once: the last word on duplicates.
CREATE UNIQUE INDEX registration_once
    ON registration (meeting_id, address_key, name_fold) WHERE state < 4;
CREATE INDEX registration_gone
    ON registration (meeting_id, address_key) WHERE state >= 4;
-- The attendee list is counted, searched and sorted in this index alone.
CREATE INDEX registration_list
    ON registration (meeting_id, search, state, mode, created_at);
CREATE INDEX registration_slice ON registration (meeting_id, id);
CREATE INDEX registration_party ON registration (party_id);
CREATE INDEX registration_invite ON registration (invite_id)
    WHERE invite_id IS NOT NULL;

-- Which registration holds a seat of which pool.
CREATE TABLE seat (
    id              INTEGER PRIMARY KEY, -- inside only
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- who
    pool_id         INTEGER NOT NULL REFERENCES pool (id), -- of what
    UNIQUE (registration_id, pool_id)
) STRICT;

-- The outbox, and what became of its letters.
CREATE TABLE letter (
    id              INTEGER PRIMARY KEY, -- inside only; also the order
    public_id       BLOB NOT NULL CHECK (length(public_id) = 16), -- makes
                                                              -- Message-ID
    kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4), --
             -- confirmation, invitation, goodbye, withdrawal, already
    state           INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4), --
                          -- queued, sent, refused, suppressed, dropped
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- about
    meeting_id      INTEGER NOT NULL, -- the registration's, for counting
    invite_id       INTEGER REFERENCES invite (id), -- NULL: no calendar part
    generation      INTEGER NOT NULL, -- of registration or invite
    sequence        INTEGER NOT NULL, -- of the invite in this message
    address         TEXT NOT NULL, -- to whom
    address_key     TEXT NOT NULL, -- in lower case: one mailbox, one order
    created_at      INTEGER NOT NULL, -- when it was written
    due_at          INTEGER NOT NULL, -- next attempt
    attempts        INTEGER NOT NULL, -- so far
    remark          TEXT NOT NULL, -- the relay's last words, may be empty
    settled_at      INTEGER NOT NULL -- when it left the queue
) STRICT;
CREATE INDEX letter_due ON letter (due_at) WHERE state = 0;
-- Those that did not arrive, which organisers look at: few of many.
CREATE INDEX letter_unsent ON letter (meeting_id, state) WHERE state <> 1;
CREATE INDEX letter_mailbox ON letter (address_key);
CREATE INDEX letter_registration ON letter (registration_id, kind);
CREATE INDEX letter_invite ON letter (invite_id) WHERE invite_id IS NOT NULL;

-- Letters begun for an address by anonymous forms, for the limits on them.
CREATE TABLE step (
    id          INTEGER PRIMARY KEY, -- inside only
    address_key TEXT NOT NULL, -- for whom
    at          INTEGER NOT NULL -- when
) STRICT;
CREATE INDEX step_address ON step (address_key, at);
CREATE INDEX step_at ON step (at);

-- Addresses that somebody acted for through a link mailed there.
CREATE TABLE address (
    address_key TEXT PRIMARY KEY NOT NULL, -- which
    proven_at   INTEGER NOT NULL -- when it was first shown
) STRICT;

CREATE TABLE account (
    id            INTEGER PRIMARY KEY, -- inside only
    email         TEXT NOT NULL, -- as typed at creation
    email_key     TEXT NOT NULL UNIQUE, -- in lower case
    name          TEXT NOT NULL, -- of the person
    password_hash TEXT NOT NULL, -- Argon2id, with its salt and costs
    totp_secret   BLOB, -- second factor; NULL: none
    created_at    INTEGER NOT NULL -- when it was added
) STRICT;

CREATE TABLE account_role (
    id          INTEGER PRIMARY KEY, -- inside only
    account_id  INTEGER NOT NULL REFERENCES account (id), -- who
    alliance_id INTEGER REFERENCES alliance (id), -- where; NULL: everywhere
    role        INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4), --
                                  -- none, numbers, door, editor, owner
    UNIQUE (account_id, alliance_id)
) STRICT;
CREATE UNIQUE INDEX account_role_all ON account_role (account_id)
    WHERE alliance_id IS NULL;
CREATE INDEX account_role_alliance ON account_role (alliance_id);

CREATE TABLE login (
    id          INTEGER PRIMARY KEY, -- inside only
    account_id  INTEGER NOT NULL REFERENCES account (id), -- whose
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32), --
                                       -- SHA-256 of what the cookie holds
    started_at  INTEGER NOT NULL, -- sign-in
    seen_at     INTEGER NOT NULL -- last request, to the minute
) STRICT;
CREATE INDEX login_account ON login (account_id);

-- Tries to sign in that failed or are under way.
CREATE TABLE try (
    id        INTEGER PRIMARY KEY, -- inside only
    email_key TEXT NOT NULL, -- the account that was named
    prefix    TEXT NOT NULL, -- of the client's address
    at        INTEGER NOT NULL -- when
) STRICT;
CREATE INDEX try_prefix ON try (prefix, at);
CREATE INDEX try_at ON try (at);

-- Who did what to what, and when; no values, no names, and so it may stay
-- when the rows that it speaks of go.
CREATE TABLE audit (
    id              INTEGER PRIMARY KEY, -- inside only
    at              INTEGER NOT NULL, -- when
    actor           INTEGER NOT NULL, -- account; 0 attendee, -1 command
    deed            TEXT NOT NULL, -- one word
    alliance_id     INTEGER, -- where; NULL: nowhere in particular
    meeting_id      INTEGER, -- where; NULL: nowhere in particular
    registration_id INTEGER, -- of whom; NULL: of nobody
    amount          INTEGER NOT NULL -- rows exported, and the like
) STRICT;
CREATE INDEX audit_meeting ON audit (meeting_id);

-- Values before and after, erased with the person.
CREATE TABLE audit_value (
    id        INTEGER PRIMARY KEY, -- inside only
    audit_id  INTEGER NOT NULL REFERENCES audit (id), -- of which deed
    person_id INTEGER NOT NULL REFERENCES person (id), -- about whom
    field     TEXT NOT NULL, -- which
    was       TEXT, -- before; NULL: nothing
    became    TEXT -- after; NULL: nothing
) STRICT;
CREATE INDEX audit_value_audit ON audit_value (audit_id);
CREATE INDEX audit_value_person ON audit_value (person_id);
