-- What the registry keeps. Times are microseconds since 1970 UTC, days are ISO 8601, ids and hashes are blobs.
-- Triggers hold what the log promises, whoever writes: a record, a decision, a receipt and a trace entry never change.

CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recorded_on TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    doubts TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (source, record_id, version)
) STRICT;

CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
CREATE TRIGGER record_never_goes BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END;

-- Every number that a record names, and its name by year of birth. Can be built anew from the records.
CREATE TABLE search_key (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (kind, value, source, record_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    profile BLOB NOT NULL,
    known_from INTEGER NOT NULL,
    known_until INTEGER,
    engine TEXT,
    official TEXT,
    office TEXT,
    weight REAL NOT NULL,
    explanation TEXT NOT NULL,
    CHECK ((engine IS NULL) = (official IS NOT NULL)),
    CHECK ((official IS NULL) = (office IS NULL))
) STRICT;

CREATE INDEX link_by_record ON link (source, record_id, known_from);
CREATE INDEX link_by_profile ON link (profile, known_from);
CREATE UNIQUE INDEX link_that_holds ON link (source, record_id) WHERE known_until IS NULL;

CREATE TRIGGER link_only_ends BEFORE UPDATE ON link
WHEN OLD.known_until IS NOT NULL
    OR (NEW.source, NEW.record_id, NEW.profile, NEW.known_from, NEW.weight, NEW.explanation)
        IS NOT (OLD.source, OLD.record_id, OLD.profile, OLD.known_from, OLD.weight, OLD.explanation)
BEGIN SELECT RAISE(ABORT, 'a link is only ended'); END;
CREATE TRIGGER link_never_goes BEFORE DELETE ON link
BEGIN SELECT RAISE(ABORT, 'a link is never removed'); END;

CREATE TABLE queue_item (
    id INTEGER PRIMARY KEY,
    left_source TEXT NOT NULL,
    left_id TEXT NOT NULL,
    right_source TEXT NOT NULL,
    right_id TEXT NOT NULL,
    harmful INTEGER NOT NULL,
    weight REAL NOT NULL,
    explanation TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'decided', 'withdrawn')),
    state_since INTEGER NOT NULL,
    taken_by TEXT,
    taken_office TEXT,
    UNIQUE (left_source, left_id, right_source, right_id)
) STRICT;

CREATE INDEX queue_item_open ON queue_item (harmful DESC, id) WHERE state IN ('waiting', 'taken');

CREATE TABLE decision (
    number INTEGER PRIMARY KEY,
    left_source TEXT NOT NULL,
    left_id TEXT NOT NULL,
    right_source TEXT NOT NULL,
    right_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
    official TEXT NOT NULL,
    office TEXT NOT NULL,
    reason TEXT NOT NULL,
    purpose TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    decided_at INTEGER NOT NULL
) STRICT;

CREATE INDEX decision_by_pair ON decision (left_source, left_id, right_source, right_id, number);

CREATE TRIGGER decision_never_changes BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decision_never_goes BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;

CREATE TABLE set_aside (
    source TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    record_id TEXT,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (source, file, line, field, reason)
) STRICT, WITHOUT ROWID;

-- Counts of devices: about nobody, and kept apart from everything about somebody.
CREATE TABLE presence (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    region TEXT NOT NULL,
    sim_country TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    devices INTEGER NOT NULL
) STRICT;

CREATE INDEX presence_by_cell ON presence (source, day, region, sim_country, number);
CREATE INDEX presence_by_day ON presence (day);

CREATE TABLE trace (
    number INTEGER PRIMARY KEY,
    words TEXT NOT NULL,
    leaf BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT;

CREATE TABLE trace_about (
    profile BLOB NOT NULL,
    number INTEGER NOT NULL REFERENCES trace (number),
    PRIMARY KEY (profile, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX trace_about_by_number ON trace_about (number);

CREATE TRIGGER trace_never_changes BEFORE UPDATE ON trace
BEGIN SELECT RAISE(ABORT, 'the trace is never changed'); END;
CREATE TRIGGER trace_never_goes BEFORE DELETE ON trace
BEGIN SELECT RAISE(ABORT, 'the trace is never removed'); END;
CREATE TRIGGER trace_about_never_changes BEFORE UPDATE ON trace_about
BEGIN SELECT RAISE(ABORT, 'the trace is never changed'); END;
CREATE TRIGGER trace_about_never_goes BEFORE DELETE ON trace_about
BEGIN SELECT RAISE(ABORT, 'the trace is never removed'); END;

CREATE TABLE account (
    id BLOB PRIMARY KEY,
    login TEXT NOT NULL,
    login_folded TEXT NOT NULL UNIQUE,
    secret_hash TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    opened_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_account ON session (account);

CREATE TABLE failure (
    number INTEGER PRIMARY KEY,
    guessed TEXT NOT NULL,
    at_what BLOB NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX failure_by_what ON failure (guessed, at_what, failed_at);
CREATE INDEX failure_by_time ON failure (guessed, failed_at);

CREATE TABLE receipt (
    id BLOB PRIMARY KEY,
    profile BLOB NOT NULL,
    matter TEXT NOT NULL,
    door TEXT NOT NULL,
    on_day TEXT NOT NULL,
    known_at INTEGER NOT NULL,
    given_at INTEGER NOT NULL,
    edition TEXT NOT NULL,
    inputs TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE INDEX receipt_by_profile ON receipt (profile, given_at);

CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_never_goes BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never removed'); END;

CREATE TABLE share_code (
    code_hash BLOB PRIMARY KEY,
    profile BLOB NOT NULL,
    matter TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX share_code_by_profile ON share_code (profile, expires_at);

-- The latest known time that was promised: known time never runs backwards.
CREATE TABLE known_time (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    latest INTEGER NOT NULL
) STRICT;
