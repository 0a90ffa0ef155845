-- Issuing in short transactions: a number is reserved, the page is typeset without any lock, leaves are appended together, and
-- what is in the log waits here until witnesses have seen it and the file is signed.

-- A serial somebody works on. Whoever comes after `until_ms` takes it over, so that no number is lost.
CREATE TABLE certificate_reservations (
    scope    TEXT   NOT NULL,
    serial   BIGINT NOT NULL,
    worker   TEXT   NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (scope, serial)
);

-- In the log, not handed out yet. `revision_1` is base64.
CREATE TABLE certificate_pending (
    leaf_index        BIGINT NOT NULL PRIMARY KEY,
    number            TEXT   NOT NULL UNIQUE,
    code_mac          TEXT   NOT NULL UNIQUE,
    revision_1        TEXT   NOT NULL,
    revision_1_sha256 TEXT   NOT NULL,
    commitment        TEXT   NOT NULL,
    claims            TEXT   NOT NULL,
    identity_mac      TEXT,
    name_mac          TEXT,
    holder_sha256     TEXT   NOT NULL,
    issued_at_ms      BIGINT NOT NULL
);

-- How many witnesses the file itself carries.
ALTER TABLE certificates ADD COLUMN witnesses BIGINT NOT NULL DEFAULT 0;

-- The newest tree that was shown to the world, with the signatures of its witnesses. One row.
CREATE TABLE log_published (
    id         BIGINT NOT NULL PRIMARY KEY,
    size       BIGINT NOT NULL,
    checkpoint TEXT   NOT NULL
);
