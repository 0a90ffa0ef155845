-- Certificates, and the log that everybody may read.

-- The next serial of each number template (and year, when the number shows it).
CREATE TABLE certificate_serials (
    scope       TEXT   NOT NULL PRIMARY KEY,
    next_serial BIGINT NOT NULL
);

-- One row a certificate. `code_mac` and `identity_mac` are HMACs under the office's pepper, never the values themselves.
CREATE TABLE certificates (
    number            TEXT   NOT NULL PRIMARY KEY,
    leaf_index        BIGINT NOT NULL UNIQUE,
    code_mac          TEXT   NOT NULL UNIQUE,
    file_sha256       TEXT   NOT NULL UNIQUE,
    file_bytes        BIGINT NOT NULL,
    revision_1_sha256 TEXT   NOT NULL UNIQUE,
    commitment        TEXT   NOT NULL UNIQUE,
    claims            TEXT   NOT NULL,
    identity_mac      TEXT,
    holder_sha256     TEXT   NOT NULL,
    issued_at_ms      BIGINT NOT NULL,
    status            TEXT   NOT NULL,
    status_at_ms      BIGINT NOT NULL,
    status_reason     TEXT,
    status_effect     TEXT,
    superseded_by     TEXT
);

-- Leaves hold commitments only. Append only.
CREATE TABLE log_leaves (
    leaf_index BIGINT NOT NULL PRIMARY KEY,
    leaf       TEXT   NOT NULL
);

-- Every finished node of the tree. Append only.
CREATE TABLE log_nodes (
    level      BIGINT NOT NULL,
    node_index BIGINT NOT NULL,
    hash       TEXT   NOT NULL,
    PRIMARY KEY (level, node_index)
);

-- The newest tree: its size, its peaks, its signed checkpoint. One row.
CREATE TABLE log_head (
    id         BIGINT NOT NULL PRIMARY KEY,
    size       BIGINT NOT NULL,
    peaks      TEXT   NOT NULL,
    checkpoint TEXT   NOT NULL
);

-- The integrity record of notices 001, 002 and 004: three years, then purged. Never in the log.
CREATE TABLE integrity_records (
    id         TEXT   NOT NULL PRIMARY KEY,
    number     TEXT   NOT NULL,
    record     TEXT   NOT NULL,
    decided_on TEXT   NOT NULL,
    expires_on TEXT   NOT NULL
);
CREATE INDEX integrity_records_by_expiry ON integrity_records (expires_on);
