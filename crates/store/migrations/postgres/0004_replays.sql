-- How often a consumer was put back, so that what is told again can be told from what was told before.
ALTER TABLE consumer ADD COLUMN replays BIGINT NOT NULL DEFAULT 0;
