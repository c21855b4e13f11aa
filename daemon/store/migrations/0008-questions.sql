-- What a meeting asks beyond the form's own fields, and what people answered.

CREATE TABLE question (
    id           INTEGER PRIMARY KEY, -- inside only
    meeting_id   INTEGER NOT NULL REFERENCES meeting (id), -- of which
    position     INTEGER NOT NULL CHECK (position > 0), -- its number there
    kind         INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 6), -- text, long
                          -- text, one of, several of, yes or no, number, date
    label_de     TEXT NOT NULL, -- the question, German
    label_en     TEXT NOT NULL, -- English, may be empty
    help_de      TEXT NOT NULL, -- a line below it, German, may be empty
    help_en      TEXT NOT NULL, -- English, may be empty
    required     INTEGER NOT NULL CHECK (required IN (0, 1)), -- if shown
    least        INTEGER, -- of a number; NULL: no limit
    most         INTEGER, -- of a number; NULL: no limit
    if_option_id INTEGER REFERENCES question_option (id), -- shown only to
                                   -- those who chose it; NULL: to everybody
    if_mode      INTEGER CHECK (if_mode IN (0, 1)), -- shown only to those who
                                           -- take part so; NULL: to everybody
    CHECK (if_option_id IS NULL OR if_mode IS NULL),
    CHECK (least IS NULL OR most IS NULL OR least <= most)
) STRICT;
CREATE INDEX question_meeting ON question (meeting_id, position);
CREATE INDEX question_if ON question (if_option_id)
    WHERE if_option_id IS NOT NULL;

-- What can be chosen. Yes and no are options too.
CREATE TABLE question_option (
    id          INTEGER PRIMARY KEY, -- inside only
    question_id INTEGER NOT NULL REFERENCES question (id), -- of which
    position    INTEGER NOT NULL CHECK (position > 0), -- its number there
    label_de    TEXT NOT NULL, -- German
    label_en    TEXT NOT NULL, -- English, may be empty
    capacity    INTEGER CHECK (capacity >= 0), -- places; NULL: no limit
    taken       INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0), -- given away
    past        INTEGER NOT NULL DEFAULT 0 CHECK (past >= 0), -- held by people
                              -- whose data was erased after the meeting
    CHECK (capacity IS NULL OR taken <= capacity)
) STRICT;
CREATE INDEX question_option_question ON question_option (question_id,
    position);

-- Texts, numbers in digits, days like 2027-03-07.
CREATE TABLE answer (
    id              INTEGER PRIMARY KEY, -- inside only
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- whose
    question_id     INTEGER NOT NULL REFERENCES question (id), -- to which
    value           TEXT NOT NULL, -- never empty
    UNIQUE (registration_id, question_id)
) STRICT;
CREATE INDEX answer_question ON answer (question_id);

-- Options that were chosen.
CREATE TABLE answer_option (
    id              INTEGER PRIMARY KEY, -- inside only
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- by whom
    option_id       INTEGER NOT NULL REFERENCES question_option (id), -- which
    held            INTEGER NOT NULL CHECK (held IN (0, 1)), -- counts in
                                -- `taken`; not once the registration is gone
    UNIQUE (registration_id, option_id)
) STRICT;
CREATE INDEX answer_option_option ON answer_option (option_id);
