-- The manifest of a dossier's last binding: papers added since then can go to the end of their volume (补正).
CREATE TABLE bound_before (
    dossier  TEXT NOT NULL PRIMARY KEY REFERENCES dossiers (id) ON DELETE CASCADE,
    manifest TEXT NOT NULL
);
