-- Contested facts, rulings that can be taken back, withdrawn proofs, and what others are to be told.
-- Only adds: the release before this one goes on working on a store that has it.

-- Since when a record is known to be found under a key. Rows from before this migration count from the first version of
-- their record, the earliest time at which they can have been known.
ALTER TABLE search_key ADD COLUMN known_from INTEGER NOT NULL DEFAULT 0;
UPDATE search_key SET known_from = coalesce(
    (SELECT min(received_at) FROM record
     WHERE record.source = search_key.source AND record.record_id = search_key.record_id), 0);

-- The latest time for which an answer was given: whatever is added later is known later.
ALTER TABLE known_time ADD COLUMN promised INTEGER;

-- Which records an answer rests on.
CREATE TABLE receipt_input (
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    receipt BLOB NOT NULL REFERENCES receipt (id),
    PRIMARY KEY (source, record_id, receipt)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO receipt_input (source, record_id, receipt)
SELECT input.value ->> '$.record.source', input.value ->> '$.record.id', receipt.id
FROM receipt, json_each(receipt.inputs) AS input;

CREATE TABLE withdrawal (
    credential BLOB PRIMARY KEY,
    withdrawn_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX withdrawal_living ON withdrawal (expires_at, credential);

CREATE TRIGGER withdrawal_never_changes BEFORE UPDATE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never changed'); END;
CREATE TRIGGER withdrawal_never_goes BEFORE DELETE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never removed'); END;

-- A case in which something is contested. `due_on` and `is_open` follow from its steps, for the order of the queue.
CREATE TABLE contest (
    id INTEGER PRIMARY KEY,
    profile BLOB NOT NULL,
    party TEXT NOT NULL,
    office TEXT,
    about TEXT NOT NULL,
    field_group TEXT NOT NULL,
    says TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    is_open INTEGER NOT NULL
) STRICT;

CREATE INDEX contest_by_profile ON contest (profile, id);
CREATE INDEX contest_by_office ON contest (office, id) WHERE office IS NOT NULL;
CREATE INDEX contest_open ON contest (due_on, id) WHERE is_open = 1;

CREATE TRIGGER contest_never_changes BEFORE UPDATE ON contest
WHEN (NEW.id, NEW.profile, NEW.party, NEW.office, NEW.about, NEW.field_group, NEW.says, NEW.opened_at)
    IS NOT (OLD.id, OLD.profile, OLD.party, OLD.office, OLD.about, OLD.field_group, OLD.says, OLD.opened_at)
BEGIN SELECT RAISE(ABORT, 'a case is never changed'); END;
CREATE TRIGGER contest_never_goes BEFORE DELETE ON contest
BEGIN SELECT RAISE(ABORT, 'a case is never removed'); END;

CREATE TABLE contest_step (
    contest INTEGER NOT NULL REFERENCES contest (id),
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (contest, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER contest_step_never_changes BEFORE UPDATE ON contest_step
BEGIN SELECT RAISE(ABORT, 'a step of a case is never changed'); END;
CREATE TRIGGER contest_step_never_goes BEFORE DELETE ON contest_step
BEGIN SELECT RAISE(ABORT, 'a step of a case is never removed'); END;

-- A ruling that moved records between two profiles.
CREATE TABLE ruling (
    id INTEGER PRIMARY KEY,
    ruled TEXT NOT NULL,
    from_profile BLOB NOT NULL,
    into_profile BLOB NOT NULL,
    official TEXT NOT NULL,
    office TEXT NOT NULL,
    reason TEXT NOT NULL,
    purpose TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    contest INTEGER,
    ruled_at INTEGER NOT NULL,
    undone TEXT,
    undone_at INTEGER,
    CHECK ((undone IS NULL) = (undone_at IS NULL))
) STRICT;

CREATE INDEX ruling_from ON ruling (from_profile, id);
CREATE INDEX ruling_into ON ruling (into_profile, id);
-- Grows with each taking back, so that a run of linkage notices it.
CREATE INDEX ruling_undone ON ruling (undone_at) WHERE undone_at IS NOT NULL;

CREATE TRIGGER ruling_is_only_taken_back BEFORE UPDATE ON ruling
WHEN OLD.undone_at IS NOT NULL
    OR (NEW.id, NEW.ruled, NEW.from_profile, NEW.into_profile, NEW.official, NEW.office, NEW.reason, NEW.purpose,
        NEW.legal_basis, NEW.contest, NEW.ruled_at)
        IS NOT (OLD.id, OLD.ruled, OLD.from_profile, OLD.into_profile, OLD.official, OLD.office, OLD.reason,
            OLD.purpose, OLD.legal_basis, OLD.contest, OLD.ruled_at)
BEGIN SELECT RAISE(ABORT, 'a ruling is only taken back'); END;
CREATE TRIGGER ruling_never_goes BEFORE DELETE ON ruling
BEGIN SELECT RAISE(ABORT, 'a ruling is never removed'); END;

CREATE TABLE ruling_record (
    ruling INTEGER NOT NULL REFERENCES ruling (id),
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (ruling, source, record_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ruling_record_never_changes BEFORE UPDATE ON ruling_record
BEGIN SELECT RAISE(ABORT, 'a ruling is only taken back'); END;
CREATE TRIGGER ruling_record_never_goes BEFORE DELETE ON ruling_record
BEGIN SELECT RAISE(ABORT, 'a ruling is never removed'); END;

-- What others have to be told. One writer at a time, so numbers are given in the order of the commits.
CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    profile BLOB NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    receiver_kind TEXT NOT NULL,
    receiver TEXT NOT NULL,
    news TEXT NOT NULL,
    shown_from INTEGER NOT NULL,
    UNIQUE (profile, place)
) STRICT;

CREATE INDEX event_by_receiver ON event (receiver_kind, receiver, number);

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_never_goes BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;

CREATE TABLE consumer (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consumed (
    consumer TEXT NOT NULL,
    event INTEGER NOT NULL REFERENCES event (number),
    at INTEGER NOT NULL,
    PRIMARY KEY (consumer, event)
) STRICT, WITHOUT ROWID;
