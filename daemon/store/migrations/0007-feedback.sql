-- People report barriers on the site, whether they are registered anywhere or
-- not; and a letter may be about such a report instead of a registration.
-- SQLite cannot take NOT NULL off a column, so the table of letters is built
-- anew.

CREATE TABLE feedback (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- as commands call it;
                                      -- given once, so that an order for one
                                      -- that was erased meets no other
    public_id   BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16), -- what
                                                       -- the desk speaks of
    message     TEXT NOT NULL, -- as typed
    address     TEXT, -- to answer to; NULL: was not given
    address_key TEXT, -- in lower case; NULL: has none
    page        TEXT NOT NULL, -- which page it is about, as typed, may be
                               -- empty
    lang        INTEGER NOT NULL CHECK (lang IN (0, 1)), -- of the form
    received_at INTEGER NOT NULL, -- when it came in
    due_at      INTEGER NOT NULL, -- end of the day by which it is to be
                                  -- answered
    answered_at INTEGER NOT NULL -- when somebody said that it is
) STRICT;
-- Those that wait for an answer: few, and looked at by their due date.
CREATE INDEX feedback_open ON feedback (due_at) WHERE answered_at = 0;
CREATE INDEX feedback_answered ON feedback (answered_at)
    WHERE answered_at > 0;
CREATE INDEX feedback_received ON feedback (received_at);
CREATE INDEX feedback_address ON feedback (address_key)
    WHERE address_key IS NOT NULL;

CREATE TABLE letter_wider (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- inside only; also the
                                                       -- order
    public_id       BLOB NOT NULL CHECK (length(public_id) = 16), -- makes
                                                              -- Message-ID
    kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 99), -- which
    state           INTEGER NOT NULL CHECK (state BETWEEN 0 AND 9), --
                          -- queued, sent, refused, suppressed, dropped
    registration_id INTEGER REFERENCES registration (id), -- about; or NULL
    meeting_id      INTEGER, -- the registration's, for counting; or NULL
    feedback_id     INTEGER REFERENCES feedback (id), -- about; or NULL
    invite_id       INTEGER REFERENCES invite (id), -- NULL: no calendar part
    generation      INTEGER NOT NULL, -- of registration or invite
    sequence        INTEGER NOT NULL, -- of the invite in this message
    address         TEXT NOT NULL, -- to whom
    address_key     TEXT NOT NULL, -- in lower case: one mailbox, one order
    created_at      INTEGER NOT NULL, -- when it was written
    due_at          INTEGER NOT NULL, -- next attempt
    attempts        INTEGER NOT NULL, -- so far
    remark          TEXT NOT NULL, -- the relay's last words, may be empty
    settled_at      INTEGER NOT NULL, -- when it left the queue
    CHECK ((registration_id IS NULL) <> (feedback_id IS NULL)),
    CHECK ((registration_id IS NULL) = (meeting_id IS NULL))
) STRICT;
INSERT INTO letter_wider (id, public_id, kind, state, registration_id,
        meeting_id, invite_id, generation, sequence, address, address_key,
        created_at, due_at, attempts, remark, settled_at)
    SELECT id, public_id, kind, state, registration_id, meeting_id,
        invite_id, generation, sequence, address, address_key, created_at,
        due_at, attempts, remark, settled_at FROM letter;
-- Numbers of letters that were erased are not given again either.
DELETE FROM sqlite_sequence WHERE name = 'letter_wider';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'letter_wider', seq FROM sqlite_sequence WHERE name = 'letter';
DROP TABLE letter;
ALTER TABLE letter_wider RENAME TO letter;
CREATE INDEX letter_due ON letter (due_at) WHERE state = 0;
-- Those that did not arrive, which organisers look at: few of many.
CREATE INDEX letter_unsent ON letter (meeting_id, state) WHERE state <> 1;
CREATE INDEX letter_mailbox ON letter (address_key);
CREATE INDEX letter_registration ON letter (registration_id, kind);
CREATE INDEX letter_invite ON letter (invite_id) WHERE invite_id IS NOT NULL;
CREATE INDEX letter_feedback ON letter (feedback_id)
    WHERE feedback_id IS NOT NULL;
