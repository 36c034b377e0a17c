CREATE TABLE kinds (name text PRIMARY KEY);

CREATE FUNCTION note_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := coalesce(NEW.note, 'none');
  RETURN NEW;
END
$$;

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day date NOT NULL,
  code text NOT NULL,
  note text DEFAULT 'new',
  n integer NOT NULL,
  kind text REFERENCES kinds ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT events_code_key UNIQUE (code),
  CONSTRAINT events_n_check CHECK (n >= 0)
) WITH (fillfactor = 90);
CREATE INDEX events_n_idx ON events (n DESC) WHERE n > 3;
CREATE TRIGGER events_note BEFORE INSERT OR UPDATE ON events
  FOR EACH ROW EXECUTE FUNCTION note_for();
GRANT SELECT, INSERT ON events TO PUBLIC;
COMMENT ON TABLE events IS 'what happened';
COMMENT ON COLUMN events.code IS 'as the sender says it';
COMMENT ON INDEX events_n_idx IS 'the large ones';
