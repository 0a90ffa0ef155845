-- What happened to a dossier, for pages that watch it (server-sent events). Goes with the dossier; only the newest are kept.

CREATE TABLE dossier_events (
    dossier TEXT   NOT NULL REFERENCES dossiers (id) ON DELETE CASCADE,
    number  BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    data    TEXT   NOT NULL,
    PRIMARY KEY (dossier, number)
);
