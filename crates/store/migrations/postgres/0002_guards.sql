-- The partitions of 0001_registry.sql, and triggers that hold what the log promises, whoever writes: a record, a
-- decision, a ruling, a receipt, an event and a trace entry never change.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed and never removed', TG_ARGV[0];
END $$;

CREATE FUNCTION refuse_all_but_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept RECORD := NEW;
BEGIN
    kept.known_until := NULL;
    IF kept IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a link is only ended';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    spread TEXT;
    part INTEGER;
BEGIN
    FOREACH spread IN ARRAY ARRAY['record', 'search_key', 'link', 'link_by_record', 'trace_about', 'receipt',
        'receipt_by_id', 'receipt_input', 'share_code', 'share_code_by_hash', 'event_by_profile']
    LOOP
        FOR part IN 0..15 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                spread || '_' || part, spread, part);
        END LOOP;
    END LOOP;
END $$;

-- To empty a table at once passes by the triggers of its rows, and the emptying of a partition by those of the whole.
DO $$
DECLARE
    kept RECORD;
    emptied REGCLASS;
BEGIN
    FOR kept IN SELECT * FROM (VALUES
        ('record', 'UPDATE OR DELETE', 'a record'),
        ('link', 'DELETE', 'a link'),
        ('link_by_record', 'DELETE', 'a link'),
        ('decision', 'UPDATE OR DELETE', 'a decision'),
        ('receipt', 'UPDATE OR DELETE', 'a receipt'),
        ('receipt_by_id', 'UPDATE OR DELETE', 'a receipt'),
        ('receipt_input', 'UPDATE OR DELETE', 'a receipt'),
        ('withdrawal', 'UPDATE OR DELETE', 'a withdrawal'),
        ('contest', 'DELETE', 'a case'),
        ('contest_step', 'UPDATE OR DELETE', 'a step of a case'),
        ('ruling', 'DELETE', 'a ruling'),
        ('ruling_record', 'UPDATE OR DELETE', 'a ruling'),
        ('event', 'UPDATE OR DELETE', 'an event'),
        ('event_by_profile', 'UPDATE OR DELETE', 'an event'),
        ('trace', 'UPDATE OR DELETE', 'the trace'),
        ('trace_about', 'UPDATE OR DELETE', 'the trace')) AS kept (name, change, said)
    LOOP
        EXECUTE format('CREATE TRIGGER never_changes BEFORE %s ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change(%L)',
            kept.change, kept.name, kept.said);
        -- the tree of a table without partitions is empty: it does not hold even the table
        FOR emptied IN SELECT kept.name::regclass UNION SELECT relid FROM pg_partition_tree(kept.name::regclass) LOOP
            EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s EXECUTE FUNCTION refuse_change(%L)',
                emptied, kept.said);
        END LOOP;
    END LOOP;
END $$;

CREATE TRIGGER only_ends BEFORE UPDATE ON link FOR EACH ROW EXECUTE FUNCTION refuse_all_but_the_end();
CREATE TRIGGER only_ends BEFORE UPDATE ON link_by_record FOR EACH ROW EXECUTE FUNCTION refuse_all_but_the_end();

CREATE TRIGGER only_moves BEFORE UPDATE ON contest FOR EACH ROW
WHEN ((NEW.id, NEW.profile, NEW.party, NEW.office, NEW.about, NEW.field_group, NEW.says, NEW.opened_at)
    IS DISTINCT FROM
    (OLD.id, OLD.profile, OLD.party, OLD.office, OLD.about, OLD.field_group, OLD.says, OLD.opened_at))
EXECUTE FUNCTION refuse_change('a case');

CREATE TRIGGER only_taken_back BEFORE UPDATE ON ruling FOR EACH ROW
WHEN (OLD.undone_at IS NOT NULL
    OR (NEW.id, NEW.ruled, NEW.from_profile, NEW.into_profile, NEW.official, NEW.office, NEW.reason, NEW.purpose,
        NEW.legal_basis, NEW.contest, NEW.ruled_at)
    IS DISTINCT FROM
    (OLD.id, OLD.ruled, OLD.from_profile, OLD.into_profile, OLD.official, OLD.office, OLD.reason, OLD.purpose,
        OLD.legal_basis, OLD.contest, OLD.ruled_at))
EXECUTE FUNCTION refuse_change('a ruling');
