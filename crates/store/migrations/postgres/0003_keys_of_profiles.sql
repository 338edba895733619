-- Under which keys a profile is found: every number that its records name, and their names by year of birth, with the
-- time since which that is known. One row for a key and a profile, however many records name it; written when a record
-- is linked. Can be built anew from records and links.
-- Takes the place of search_key, which is not written any more; a later release drops that.
CREATE TABLE profile_key (
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    profile BYTEA NOT NULL,
    known_from BIGINT NOT NULL,
    PRIMARY KEY (kind, value, profile)
) PARTITION BY HASH (value);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF profile_key FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            'profile_key_' || part, part);
    END LOOP;
END $$;

INSERT INTO profile_key (kind, value, profile, known_from)
SELECT kind, value, profile, min(greatest(named.known_from, link.known_from))
FROM search_key AS named JOIN link_by_record AS link USING (source, record_id)
WHERE link.known_until IS NULL OR named.known_from < link.known_until
GROUP BY kind, value, profile;
