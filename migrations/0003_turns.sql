-- Two tables without rows: what PostgreSQL locks so that nodes take turns, as SQLite's one writer does by itself.
-- `write_turn`: one writing transaction at a time. `blob_turn`: shared while blobs are stored, alone while unused ones are deleted.

CREATE TABLE write_turn (
    never_a_row BIGINT NOT NULL
);

CREATE TABLE blob_turn (
    never_a_row BIGINT NOT NULL
);
