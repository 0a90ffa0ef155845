-- Whose tokens of another platform, issued until an instant, are not taken any more. `id` follows from issuer and subject.
CREATE TABLE foreign_ends (
    id          TEXT   NOT NULL PRIMARY KEY,
    ended_at_ms BIGINT NOT NULL
);
