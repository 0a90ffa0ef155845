//! A checked dossier in, bound volumes and their manifest out.
