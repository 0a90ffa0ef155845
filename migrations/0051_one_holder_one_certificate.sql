-- A holder's secret belongs to one certificate: whoever issues a row of a list a second time, because another node seemed dead, meets this.
CREATE UNIQUE INDEX certificates_one_holder ON certificates (holder_sha256);
CREATE UNIQUE INDEX certificate_pending_one_holder ON certificate_pending (holder_sha256);
