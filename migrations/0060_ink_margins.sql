-- Where ink stands at the edges of an upload's pages, looked at once when it is judged, so that binding draws nothing.
ALTER TABLE reports ADD COLUMN margins TEXT;
