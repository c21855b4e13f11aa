-- What the database knows about itself.

CREATE TABLE house (
    id        INTEGER PRIMARY KEY CHECK (id = 1), -- there is only one
    key_mark  TEXT NOT NULL, -- what the key beside it makes of a fixed text,
                             -- so that both are known to belong together;
                             -- empty: not noted yet
    backup_at INTEGER NOT NULL -- when the last backup was found good
) STRICT;
INSERT INTO house (id, key_mark, backup_at) VALUES (1, '', 0);
