-- What a reviewer saw when looking a report up online, one row a file; and whose dossier it is, as a digest, to find earlier ones.

CREATE TABLE online_results (
    upload         TEXT   NOT NULL PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    state          TEXT   NOT NULL,
    checked_on     TEXT   NOT NULL,
    valid_until    TEXT,
    recorded_by    TEXT   NOT NULL,
    recorded_at_ms BIGINT NOT NULL
);

CREATE TABLE applicants (
    dossier TEXT NOT NULL PRIMARY KEY REFERENCES dossiers (id) ON DELETE CASCADE,
    key     TEXT NOT NULL
);
CREATE INDEX applicants_by_key ON applicants (key);
