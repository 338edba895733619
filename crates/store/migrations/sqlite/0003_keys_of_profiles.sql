-- Under which keys a profile is found: every number that its records name, and their names by year of birth, with the
-- time since which that is known. One row for a key and a profile, however many records name it; written when a record
-- is linked. Can be built anew from records and links.
-- Takes the place of search_key, which is not written any more; a later release drops that.
CREATE TABLE profile_key (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    profile BLOB NOT NULL,
    known_from INTEGER NOT NULL,
    PRIMARY KEY (kind, value, profile)
) STRICT, WITHOUT ROWID;

INSERT INTO profile_key (kind, value, profile, known_from)
SELECT kind, value, profile, min(max(named.known_from, link.known_from))
FROM search_key AS named JOIN link USING (source, record_id)
WHERE link.known_until IS NULL OR named.known_from < link.known_until
GROUP BY kind, value, profile;
