-- After the deadline for changes people ask the organiser for one. A row goes
-- when it is granted or withdrawn; one that was declined stays with its
-- reason, for the person and for the letter that tells it.
CREATE TABLE wish (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- inside only; given
                                  -- once, so that a late answer meets no other
    public_id       BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16), --
                                               -- what the desk speaks of
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- whose
    meeting_id      INTEGER NOT NULL REFERENCES meeting (id), -- the
                                  -- registration's, for the desk's list
    kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 9), -- own
                                  -- data, mode, handing over, answers
    made_at         INTEGER NOT NULL, -- when it was asked
    declined_at     INTEGER NOT NULL, -- 0: open
    reason          TEXT NOT NULL, -- why it was declined, may be empty
    UNIQUE (registration_id, kind)
) STRICT;
-- Those that wait for an answer: few.
CREATE INDEX wish_open ON wish (meeting_id, id) WHERE declined_at = 0;

-- What is wanted, field by field.
CREATE TABLE wish_value (
    id      INTEGER PRIMARY KEY, -- inside only; also the order
    wish_id INTEGER NOT NULL REFERENCES wish (id), -- of which
    field   TEXT NOT NULL, -- as in audit_value, or question-ID
    wanted  TEXT NOT NULL, -- may be empty
    UNIQUE (wish_id, field)
) STRICT;
