-- What an office looks its certificates up by. `name_mac` is an HMAC under the office's pepper: it answers whether a name that
-- somebody typed is that of the holder, and lists no names.
ALTER TABLE certificates ADD COLUMN name_mac TEXT;
CREATE INDEX certificates_by_name ON certificates (name_mac);
CREATE INDEX certificates_by_issue ON certificates (issued_at_ms);
