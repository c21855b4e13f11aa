-- Support needs, apart from the rest; which words people were shown; and why
-- lists of them were taken home.

-- What somebody needs in order to take part well. It may say something about
-- their health (DSGVO Art. 9): it has a consent of its own, stands in no list
-- but its own, and goes before the rest does.
CREATE TABLE support (
    registration_id INTEGER PRIMARY KEY REFERENCES registration (id), -- whose
    meeting_id      INTEGER NOT NULL REFERENCES meeting (id), -- the
                                        -- registration's, for its own list
    needs           INTEGER NOT NULL CHECK (needs >= 0), -- a bit for each
                                     -- enum support_need
    words           TEXT NOT NULL, -- in their own words, may be empty
    changed_at      INTEGER NOT NULL -- when it was said
) STRICT;
CREATE INDEX support_meeting ON support (meeting_id);

-- Each version of the words that people are shown before they give us their
-- data, so that it can be told afterwards what stood there.
CREATE TABLE notice (
    id       INTEGER PRIMARY KEY, -- inside only
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 9), -- the page on data
                         -- protection, the consent about support needs
    version  TEXT NOT NULL, -- a digest of the words
    lang     INTEGER NOT NULL CHECK (lang IN (0, 1)), -- of the words
    words    TEXT NOT NULL, -- as they stood there
    since    INTEGER NOT NULL, -- when somebody first registered under them
    UNIQUE (version, kind)
) STRICT;

-- Which of these somebody was shown or agreed to. Erased with them.
CREATE TABLE consent (
    id              INTEGER PRIMARY KEY, -- inside only
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- who
    notice_id       INTEGER NOT NULL REFERENCES notice (id), -- to what
    given_at        INTEGER NOT NULL, -- when; a notice: when it was shown
    withdrawn_at    INTEGER NOT NULL -- 0: stands
) STRICT;
CREATE INDEX consent_registration ON consent (registration_id);

-- Why, in the words of who did it.
CREATE TABLE audit_reason (
    audit_id INTEGER PRIMARY KEY REFERENCES audit (id), -- of which deed
    reason   TEXT NOT NULL -- never empty
) STRICT;
