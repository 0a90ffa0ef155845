-- Sign-ins of the office's pages. The cookie holds the secret, this only its digest. A session ends with its token.

CREATE TABLE office_sessions (
    id            TEXT   NOT NULL PRIMARY KEY,
    secret_sha256 TEXT   NOT NULL,
    token         TEXT   NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    began_at_ms   BIGINT NOT NULL,
    ends_at_ms    BIGINT NOT NULL
);
CREATE INDEX office_sessions_by_end ON office_sessions (ends_at_ms);

-- What was done to one thing.
CREATE INDEX audit_by_subject ON audit (subject);
