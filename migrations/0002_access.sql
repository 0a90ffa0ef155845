-- Who may do what, what was asked twice, and who did what.

CREATE TABLE tokens (
    id            TEXT   NOT NULL PRIMARY KEY,
    secret_sha256 TEXT   NOT NULL,
    label         TEXT   NOT NULL,
    scopes        TEXT   NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT,
    revoked_at_ms BIGINT
);

-- One row a request that came with an Idempotency-Key. `status` is empty while the work goes on.
CREATE TABLE idempotency (
    owner          TEXT   NOT NULL,
    key_sha256     TEXT   NOT NULL,
    request_sha256 TEXT   NOT NULL,
    dossier        TEXT   REFERENCES dossiers (id) ON DELETE CASCADE,
    status         BIGINT,
    location       TEXT,
    body           TEXT,
    began_at_ms    BIGINT NOT NULL,
    PRIMARY KEY (owner, key_sha256)
);

-- Append only. Never holds a name, a number of a person, a code or a secret.
CREATE TABLE audit (
    id         TEXT   NOT NULL PRIMARY KEY,
    at_ms      BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    request_id TEXT   NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms);
