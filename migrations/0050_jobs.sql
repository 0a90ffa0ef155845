-- Long work: whoever is free takes a row for as long as its lease says, and one result is written whoever else began it too.
-- `state`: waiting, running, done, refused, dead, cancelled. `due_ms`: not before (waiting), or end of the lease (running).
-- `input` is emptied when the work has ended; `result` is forgotten after a day.

CREATE TABLE jobs (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    owner         TEXT   NOT NULL,
    dossier       TEXT   REFERENCES dossiers (id) ON DELETE CASCADE,
    input         TEXT   NOT NULL,
    blob_sha256   TEXT,
    attempts      BIGINT NOT NULL,
    lease         TEXT,
    due_ms        BIGINT NOT NULL,
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    trouble       TEXT,
    status        BIGINT,
    location      TEXT,
    result        TEXT,
    created_at_ms BIGINT NOT NULL,
    moved_at_ms   BIGINT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs (state, created_at_ms);
CREATE INDEX jobs_by_dossier ON jobs (dossier);
CREATE INDEX jobs_by_blob ON jobs (blob_sha256);
