-- Statuses made ready, one a profile: what the rules say of it on one day. Can be made anew from the records, so it is
-- not logged: a server that crashed comes up without them. Whoever appends a version of a linked record, or links,
-- takes away what rested on it. The release before this one does not: end it before statuses are made ready.
CREATE TABLE prepared_status (
    profile BYTEA PRIMARY KEY,
    on_day TEXT COLLATE "C" NOT NULL,
    basis TEXT COLLATE "C" NOT NULL,
    numbers TEXT NOT NULL,
    words TEXT NOT NULL
) PARTITION BY HASH (profile);

-- A status is some thousand characters: it stays in its row, as it is read whole or not at all.
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE UNLOGGED TABLE %I PARTITION OF prepared_status '
            'FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (toast_tuple_target = 8160)',
            'prepared_status_' || part, part);
    END LOOP;
END $$;
