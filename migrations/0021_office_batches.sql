-- Lists of certificates to issue, and what became of each row. `state`: checking, checked, issuing, done.

CREATE TABLE office_batches (
    id            TEXT   NOT NULL PRIMARY KEY,
    owner         TEXT   NOT NULL,
    file_name     TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    created_at_ms BIGINT NOT NULL,
    moved_at_ms   BIGINT NOT NULL
);
CREATE INDEX office_batches_by_time ON office_batches (created_at_ms);

-- `outcome`: waiting, good, refused, issued, witness. `content` is what shall be granted: gone once it is issued or given up.
-- `problems` is JSON and names columns, never people.
CREATE TABLE office_batch_rows (
    batch      TEXT   NOT NULL REFERENCES office_batches (id) ON DELETE CASCADE,
    row_number BIGINT NOT NULL,
    outcome    TEXT   NOT NULL,
    content    TEXT,
    number     TEXT,
    problems   TEXT,
    PRIMARY KEY (batch, row_number)
);

-- A row of a list is issued once: its holder's secret comes from the list and the row, and is looked for first.
CREATE INDEX certificates_by_holder ON certificates (holder_sha256);
