-- Dossiers, the files in their slots, the reports about them, and what was bound of them.
-- SQL that SQLite and PostgreSQL both take: TEXT, BIGINT, `$1`. Times are milliseconds since 1970 UTC,
-- digests are 64 hex digits, structured values are JSON text.

CREATE TABLE dossiers (
    id            TEXT   NOT NULL PRIMARY KEY,
    secret_sha256 TEXT   NOT NULL,
    notice        TEXT   NOT NULL,
    pack_sha256   TEXT   NOT NULL,
    statement     TEXT   NOT NULL,
    judged_on     TEXT,
    revision      BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    changed_at_ms BIGINT NOT NULL
);

CREATE TABLE uploads (
    id             TEXT   NOT NULL PRIMARY KEY,
    dossier        TEXT   NOT NULL REFERENCES dossiers (id) ON DELETE CASCADE,
    slot           TEXT   NOT NULL,
    place          BIGINT NOT NULL,
    file_name      TEXT   NOT NULL,
    title          TEXT,
    note           TEXT,
    sha256         TEXT   NOT NULL,
    size_bytes     BIGINT NOT NULL,
    uploaded_at_ms BIGINT NOT NULL
);
CREATE INDEX uploads_by_slot ON uploads (dossier, slot, place);
CREATE INDEX uploads_by_blob ON uploads (sha256);

CREATE TABLE reports (
    upload      TEXT NOT NULL PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    judged_on   TEXT NOT NULL,
    judged_by   TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    report      TEXT NOT NULL
);

CREATE TABLE bindings (
    dossier     TEXT   NOT NULL PRIMARY KEY REFERENCES dossiers (id) ON DELETE CASCADE,
    revision    BIGINT NOT NULL,
    judged_on   TEXT   NOT NULL,
    bound_at_ms BIGINT NOT NULL
);

CREATE TABLE bound_files (
    dossier    TEXT   NOT NULL REFERENCES bindings (dossier) ON DELETE CASCADE,
    path       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    sha256     TEXT   NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (dossier, path)
);
CREATE INDEX bound_files_by_blob ON bound_files (sha256);
