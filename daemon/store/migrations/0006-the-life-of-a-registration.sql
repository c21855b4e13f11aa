-- What may happen to a registration between the form and its deletion:
-- confirmed, approved, waiting, offered a seat, brought along by another.

ALTER TABLE alliance ADD COLUMN
    queue_passing INTEGER NOT NULL DEFAULT 0 CHECK (queue_passing IN (0, 1));
           -- a smaller party that fits may pass a larger one that waits

ALTER TABLE meeting ADD COLUMN
    waiting INTEGER NOT NULL DEFAULT 1 CHECK (waiting IN (0, 1)); -- keeps a
                                                            -- waiting list
ALTER TABLE meeting ADD COLUMN
    claim_term INTEGER NOT NULL DEFAULT 0 CHECK (claim_term >= 0); -- seconds
                  -- that a freed seat is held for an answer; 0: moved up at
                  -- once
ALTER TABLE meeting ADD COLUMN
    confirm_term INTEGER NOT NULL DEFAULT 0 CHECK (confirm_term >= 0); --
                  -- seconds in which an address is to be confirmed; 0: need
                  -- not be
ALTER TABLE meeting ADD COLUMN
    approval INTEGER NOT NULL DEFAULT 0 CHECK (approval BETWEEN 0 AND 2); --
                  -- none; asked for, with a seat held; asked for, without
ALTER TABLE meeting ADD COLUMN
    changes_until INTEGER NOT NULL DEFAULT 0; -- people change their own
                                              -- registration; 0: its start
ALTER TABLE meeting ADD COLUMN
    party_most INTEGER NOT NULL DEFAULT 5
    CHECK (party_most BETWEEN 0 AND 10); -- people in one form; 0 and 1: one
ALTER TABLE meeting ADD COLUMN
    handing_over INTEGER NOT NULL DEFAULT 1
    CHECK (handing_over IN (0, 1)); -- a seat may be handed to somebody else
ALTER TABLE meeting ADD COLUMN
    keep_support_days INTEGER NOT NULL DEFAULT 14
    CHECK (keep_support_days BETWEEN 0 AND 365); -- support needs after it

ALTER TABLE pool ADD COLUMN
    waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0); -- people in its
                                                             -- queue

ALTER TABLE registration ADD COLUMN
    lead_id INTEGER REFERENCES registration (id); -- whose mailbox gets its
                                    -- letters; NULL: its own, or none
ALTER TABLE registration ADD COLUMN
    confirm_by INTEGER NOT NULL DEFAULT 0; -- expires then unless the address
                                           -- is confirmed; 0: need not be
ALTER TABLE registration ADD COLUMN
    undecided INTEGER NOT NULL DEFAULT 0
    CHECK (undecided IN (0, 1)); -- the organiser has yet to approve
ALTER TABLE registration ADD COLUMN
    reason TEXT NOT NULL DEFAULT ''; -- why it was declined, may be empty
CREATE INDEX registration_lead ON registration (lead_id)
    WHERE lead_id IS NOT NULL;
CREATE INDEX registration_confirm ON registration (confirm_by)
    WHERE confirm_by > 0;
-- On the way to a seat, for operators' numbers: few of many.
CREATE INDEX registration_under_way ON registration (meeting_id, mode, state)
    WHERE state IN (0, 1, 3);

-- The queues for seats. A party moves up together: its place in a pool's
-- queue is that of its first.
CREATE TABLE wait (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- inside only; the
                                                       -- order of the queue
    registration_id INTEGER NOT NULL REFERENCES registration (id), -- who
    pool_id         INTEGER NOT NULL REFERENCES pool (id), -- for what
    party_id        INTEGER NOT NULL REFERENCES party (id), -- with whom
    since           INTEGER NOT NULL, -- joined the queue
    claim_by        INTEGER NOT NULL, -- a seat of the pool is held for it
                                      -- until then; 0: waits
    UNIQUE (registration_id, pool_id)
) STRICT;
CREATE INDEX wait_queue ON wait (pool_id, claim_by, id);
CREATE INDEX wait_party ON wait (party_id, pool_id);
CREATE INDEX wait_claim ON wait (claim_by) WHERE claim_by > 0;
CREATE INDEX seat_pool ON seat (pool_id);
