-- Personal data goes; counts remain.

-- What remains of people whose data was erased. The list of a meeting and its
-- tally together are all who ever registered there.
CREATE TABLE tally (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id), -- where
    state      INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5), -- in the end
    mode       INTEGER NOT NULL CHECK (mode IN (0, 1)), -- onsite, online
    bench_id   INTEGER NOT NULL, -- group; 0: none
    people     INTEGER NOT NULL CHECK (people > 0), -- how many
    PRIMARY KEY (meeting_id, state, mode, bench_id)
) STRICT;

-- Erased, but for the address to which a calendar entry's withdrawal is still
-- to be sent. Goes when that letter is settled, at the latest then.
CREATE TABLE farewell (
    registration_id INTEGER PRIMARY KEY REFERENCES registration (id), -- whose
    latest          INTEGER NOT NULL -- when it goes in any case
) STRICT;

-- Letters of erased people: whether the courier wrote a file of it is for the
-- courier to find out, which alone may delete it. No address, no name.
CREATE TABLE stray (
    letter_id  INTEGER PRIMARY KEY, -- which it was
    written_at INTEGER NOT NULL -- the other half of the file's name
) STRICT;

-- When the last of its people was erased after it was over; 0: has not.
ALTER TABLE meeting ADD COLUMN purged_at INTEGER NOT NULL DEFAULT 0;

-- The address comes first now: whether anybody else has it is asked at every
-- erasure, across all meetings.
DROP INDEX registration_once;
DROP INDEX registration_gone;
CREATE UNIQUE INDEX registration_once
    ON registration (address_key, meeting_id, name_fold) WHERE state < 4;
CREATE INDEX registration_gone
    ON registration (address_key, meeting_id) WHERE state >= 4;

-- What was done with one registration: its owner may ask, and when it goes
-- the lines stay and speak of nobody.
CREATE INDEX audit_registration ON audit (registration_id)
    WHERE registration_id IS NOT NULL;
