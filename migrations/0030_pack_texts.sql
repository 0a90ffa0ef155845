-- The text of every rule pack that a dossier began with: a dossier keeps its version whatever the office puts in its place.
CREATE TABLE pack_texts (
    sha256     TEXT   NOT NULL PRIMARY KEY,
    id         TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    text       TEXT   NOT NULL,
    kept_at_ms BIGINT NOT NULL
);
