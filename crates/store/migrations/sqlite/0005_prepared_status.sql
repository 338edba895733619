-- Statuses made ready, one a profile: what the rules say of it on one day. Can be made anew from the records. Whoever
-- appends a version of a linked record, or links, takes away what rested on it; the release before this one does not:
-- end it before statuses are made ready.
CREATE TABLE prepared_status (
    profile BLOB NOT NULL PRIMARY KEY,
    on_day TEXT NOT NULL,
    basis TEXT NOT NULL,
    numbers TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;
