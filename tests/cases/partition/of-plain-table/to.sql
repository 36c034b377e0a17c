CREATE TABLE kinds (name text PRIMARY KEY);

CREATE FUNCTION note_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := coalesce(NEW.note, 'none');
  RETURN NEW;
END
$$;

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  day date NOT NULL,
  code text NOT NULL,
  note text DEFAULT 'new',
  n integer NOT NULL,
  kind text REFERENCES kinds ON DELETE SET NULL ON UPDATE CASCADE,
  PRIMARY KEY (id, day, n),
  CONSTRAINT events_code_key UNIQUE (code, day, n),
  CONSTRAINT events_n_check CHECK (n >= 0)
) PARTITION BY RANGE (day);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  WITH (fillfactor = 90);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
  PARTITION BY HASH (n);
CREATE TABLE events_2025_a PARTITION OF events_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE events_2025_b PARTITION OF events_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX events_n_idx ON events (n DESC) WHERE n > 3;
CREATE TRIGGER events_note BEFORE INSERT OR UPDATE ON events
  FOR EACH ROW EXECUTE FUNCTION note_for();
GRANT SELECT, INSERT ON events TO PUBLIC;
COMMENT ON TABLE events IS 'what happened';
COMMENT ON COLUMN events.code IS 'as the sender says it';
COMMENT ON INDEX events_n_idx IS 'the large ones';
COMMENT ON TABLE events_2024 IS 'of one year';
