-- What the registry keeps. Times are microseconds since 1970 UTC, days are ISO 8601, ids and hashes are bytes, as on
-- SQLite. Text is compared byte by byte (COLLATE "C"), as the program does.
-- What never changes: 0002_guards.sql.
--
-- Rows about a profile are spread by its id over 16 partitions, rows about a record by its key. Every unique key holds
-- the key of its partitions; what is to be found by another key has a table of that key beside it (link_by_record,
-- receipt_by_id, receipt_input, share_code_by_hash). There are no foreign keys from partition to partition.
-- What has one order for all (the trace, events) stands in one table; which of it is about a profile is told by a table
-- that is spread (trace_about, event_by_profile). What people decide one by one (the queue, cases, rulings) stays small
-- and in one piece.

CREATE TABLE record (
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    recorded_on TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    doubts TEXT NOT NULL,
    file TEXT NOT NULL,
    line BIGINT NOT NULL,
    digest BYTEA NOT NULL
) PARTITION BY HASH (source, record_id);

-- The latest version first, so that pages of latest records are read off without sorting.
CREATE UNIQUE INDEX record_key ON record (source, record_id, version DESC);

-- Every number that a record names, and its name by year of birth, with the time since which it is known to. Can be
-- built anew from the records.
-- The index holds the value alone: it is a sixth of one over all columns and takes in a third more rows a second. A row
-- may stand twice, and is found once.
CREATE TABLE search_key (
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    known_from BIGINT NOT NULL
) PARTITION BY HASH (value);

CREATE INDEX search_key_value ON search_key (value);

-- The links of a record are counted in turns: its first, its second, …
CREATE TABLE link (
    profile BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    known_until BIGINT,
    engine TEXT,
    official TEXT,
    office TEXT,
    weight DOUBLE PRECISION NOT NULL,
    explanation TEXT NOT NULL,
    PRIMARY KEY (profile, source, record_id, turn),
    CHECK ((engine IS NULL) = (official IS NOT NULL)),
    CHECK ((official IS NULL) = (office IS NULL))
) PARTITION BY HASH (profile);

CREATE TABLE link_by_record (
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    profile BYTEA NOT NULL,
    known_from BIGINT NOT NULL,
    known_until BIGINT,
    PRIMARY KEY (source, record_id, turn)
) PARTITION BY HASH (source, record_id);

CREATE UNIQUE INDEX link_that_holds ON link_by_record (source, record_id) WHERE known_until IS NULL;

CREATE TABLE queue_item (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    left_source TEXT COLLATE "C" NOT NULL,
    left_id TEXT COLLATE "C" NOT NULL,
    right_source TEXT COLLATE "C" NOT NULL,
    right_id TEXT COLLATE "C" NOT NULL,
    harmful BOOLEAN NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    explanation TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'decided', 'withdrawn')),
    state_since BIGINT NOT NULL,
    taken_by TEXT,
    taken_office TEXT,
    UNIQUE (left_source, left_id, right_source, right_id)
);

CREATE INDEX queue_item_open ON queue_item (harmful DESC, id) WHERE state IN ('waiting', 'taken');

CREATE TABLE decision (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    left_source TEXT COLLATE "C" NOT NULL,
    left_id TEXT COLLATE "C" NOT NULL,
    right_source TEXT COLLATE "C" NOT NULL,
    right_id TEXT COLLATE "C" NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
    official TEXT NOT NULL,
    office TEXT NOT NULL,
    reason TEXT NOT NULL,
    purpose TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    decided_at BIGINT NOT NULL
);

CREATE INDEX decision_by_pair ON decision (left_source, left_id, right_source, right_id, number DESC);

CREATE TABLE set_aside (
    source TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    record_id TEXT,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (source, file, line, field, reason)
);

-- Counts of devices: about nobody, and kept apart from everything about somebody.
CREATE TABLE presence (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    sim_country TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    devices BIGINT NOT NULL
);

CREATE INDEX presence_by_cell ON presence (source, day, region, sim_country, number DESC);
CREATE INDEX presence_by_day ON presence (day);

-- One chain for all.
CREATE TABLE trace (
    number BIGINT PRIMARY KEY,
    words TEXT NOT NULL,
    leaf BYTEA NOT NULL,
    chain BYTEA NOT NULL
);

CREATE TABLE trace_about (
    profile BYTEA NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (profile, number)
) PARTITION BY HASH (profile);

CREATE INDEX trace_about_by_number ON trace_about (number);

CREATE TABLE account (
    id BYTEA PRIMARY KEY,
    login TEXT NOT NULL,
    login_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    secret_hash TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);

CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account BYTEA NOT NULL REFERENCES account (id),
    opened_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX session_by_account ON session (account);

CREATE TABLE failure (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guessed TEXT COLLATE "C" NOT NULL,
    at_what BYTEA NOT NULL,
    failed_at BIGINT NOT NULL
);

CREATE INDEX failure_by_what ON failure (guessed, at_what, failed_at);
CREATE INDEX failure_by_time ON failure (guessed, failed_at);

CREATE TABLE receipt (
    profile BYTEA NOT NULL,
    id BYTEA NOT NULL,
    matter TEXT NOT NULL,
    door TEXT NOT NULL,
    on_day TEXT NOT NULL,
    known_at BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    edition TEXT NOT NULL,
    inputs TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (profile, id)
) PARTITION BY HASH (profile);

CREATE INDEX receipt_by_profile ON receipt (profile, given_at);

CREATE TABLE receipt_by_id (
    id BYTEA PRIMARY KEY,
    profile BYTEA NOT NULL
) PARTITION BY HASH (id);

-- Which records an answer rests on.
CREATE TABLE receipt_input (
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    receipt BYTEA NOT NULL,
    profile BYTEA NOT NULL,
    PRIMARY KEY (source, record_id, receipt)
) PARTITION BY HASH (source, record_id);

CREATE TABLE withdrawal (
    credential BYTEA PRIMARY KEY,
    withdrawn_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX withdrawal_living ON withdrawal (expires_at, credential);

CREATE TABLE share_code (
    profile BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    matter TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (profile, code_hash)
) PARTITION BY HASH (profile);

CREATE INDEX share_code_by_profile ON share_code (profile, expires_at);

CREATE TABLE share_code_by_hash (
    code_hash BYTEA PRIMARY KEY,
    profile BYTEA NOT NULL
) PARTITION BY HASH (code_hash);

-- A case in which something is contested. `due_on` and `is_open` follow from its steps, for the order of the queue.
CREATE TABLE contest (
    id BIGINT PRIMARY KEY,
    profile BYTEA NOT NULL,
    party TEXT NOT NULL,
    office TEXT COLLATE "C",
    about TEXT NOT NULL,
    field_group TEXT NOT NULL,
    says TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    is_open BOOLEAN NOT NULL
);

CREATE INDEX contest_by_profile ON contest (profile, id);
CREATE INDEX contest_by_office ON contest (office, id) WHERE office IS NOT NULL;
CREATE INDEX contest_open ON contest (due_on, id) WHERE is_open;

CREATE TABLE contest_step (
    contest BIGINT NOT NULL REFERENCES contest (id),
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (contest, place)
);

-- A ruling that moved records between two profiles.
CREATE TABLE ruling (
    id BIGINT PRIMARY KEY,
    ruled TEXT NOT NULL,
    from_profile BYTEA NOT NULL,
    into_profile BYTEA NOT NULL,
    official TEXT NOT NULL,
    office TEXT NOT NULL,
    reason TEXT NOT NULL,
    purpose TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    contest BIGINT,
    ruled_at BIGINT NOT NULL,
    undone TEXT,
    undone_at BIGINT,
    CHECK ((undone IS NULL) = (undone_at IS NULL))
);

CREATE INDEX ruling_from ON ruling (from_profile, id);
CREATE INDEX ruling_into ON ruling (into_profile, id);

CREATE TABLE ruling_record (
    ruling BIGINT NOT NULL REFERENCES ruling (id),
    source TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (ruling, source, record_id)
);

-- What others have to be told. Numbers are given in the order of the commits.
CREATE TABLE event (
    number BIGINT PRIMARY KEY,
    profile BYTEA NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    receiver_kind TEXT COLLATE "C" NOT NULL,
    receiver TEXT COLLATE "C" NOT NULL,
    news TEXT NOT NULL,
    shown_from BIGINT NOT NULL
);

CREATE INDEX event_by_receiver ON event (receiver_kind, receiver, number);

CREATE TABLE event_by_profile (
    profile BYTEA NOT NULL,
    place BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (profile, place)
) PARTITION BY HASH (profile);

CREATE TABLE consumer (
    name TEXT COLLATE "C" PRIMARY KEY,
    position BIGINT NOT NULL,
    moved_at BIGINT NOT NULL
);

CREATE TABLE consumed (
    consumer TEXT COLLATE "C" NOT NULL,
    event BIGINT NOT NULL REFERENCES event (number),
    at BIGINT NOT NULL,
    PRIMARY KEY (consumer, event)
);

-- The latest known time of an addition: known time never runs backwards.
CREATE TABLE known_time (
    single BIGINT PRIMARY KEY CHECK (single = 1),
    latest BIGINT NOT NULL
);

-- Times for which answers were given since the last addition: whatever is added next is known later than all of them.
-- Rows are added side by side, not one row raised, and the index is not unique: so nobody who looks waits for another.
-- The next addition is known later, says so in known_time, and takes them away.
CREATE TABLE promise (
    at BIGINT NOT NULL
);

CREATE INDEX promise_by_time ON promise (at);

-- How much there is: to count a national register takes minutes.
CREATE TABLE extent (
    single BIGINT PRIMARY KEY CHECK (single = 1),
    records BIGINT NOT NULL,
    links BIGINT NOT NULL,
    decisions BIGINT NOT NULL
);

INSERT INTO extent (single, records, links, decisions) VALUES (1, 0, 0, 0);
