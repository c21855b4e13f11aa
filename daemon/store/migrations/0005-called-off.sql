-- Meetings are called off: why, and whose letters are not written yet. And
-- more kinds and states of letters than the first five: SQLite cannot change
-- a CHECK, so the table is built anew; the numbers are those of
-- daemon/model/letter.h. A letter's number is given once: those of people who
-- were erased are deleted, and what the courier still says about one of them,
-- or a file that bears its number, must not meet another.

ALTER TABLE meeting ADD COLUMN
    cancel_reason_de TEXT NOT NULL DEFAULT ''; -- why, German, may be empty
ALTER TABLE meeting ADD COLUMN
    cancel_reason_en TEXT NOT NULL DEFAULT ''; -- why, English, may be empty

-- Meetings that were called off and whose people do not all have their
-- letters yet. A row goes when they have.
CREATE TABLE calling_off (
    meeting_id INTEGER PRIMARY KEY REFERENCES meeting (id), -- which
    told_id    INTEGER NOT NULL -- registrations up to this one are done
) STRICT;

CREATE TABLE letter_wider (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- inside only; also the
                                                       -- order
    public_id       BLOB NOT NULL CHECK (length(public_id) = 16), -- makes
                                                              -- Message-ID
    kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 99), -- which
    state           INTEGER NOT NULL CHECK (state BETWEEN 0 AND 9), --
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
INSERT INTO letter_wider (id, public_id, kind, state, registration_id,
        meeting_id, invite_id, generation, sequence, address, address_key,
        created_at, due_at, attempts, remark, settled_at)
    SELECT id, public_id, kind, state, registration_id, meeting_id,
        invite_id, generation, sequence, address, address_key, created_at,
        due_at, attempts, remark, settled_at FROM letter;
DROP TABLE letter;
ALTER TABLE letter_wider RENAME TO letter;
CREATE INDEX letter_due ON letter (due_at) WHERE state = 0;
-- Those that did not arrive, which organisers look at: few of many.
CREATE INDEX letter_unsent ON letter (meeting_id, state) WHERE state <> 1;
CREATE INDEX letter_mailbox ON letter (address_key);
CREATE INDEX letter_registration ON letter (registration_id, kind);
CREATE INDEX letter_invite ON letter (invite_id) WHERE invite_id IS NOT NULL;
