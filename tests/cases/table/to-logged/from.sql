CREATE TABLE kinds (name text PRIMARY KEY);

CREATE FUNCTION note_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := coalesce(NEW.note, 'none');
  RETURN NEW;
END
$$;

CREATE UNLOGGED TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL,
  note text DEFAULT 'new',
  n integer,
  kind text REFERENCES kinds ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT orders_code_key UNIQUE (code),
  CONSTRAINT orders_n_check CHECK (n >= 0)
) WITH (fillfactor = 90);
ALTER TABLE orders REPLICA IDENTITY FULL;
ALTER TABLE orders ALTER COLUMN note SET STATISTICS 200;
CREATE INDEX orders_n_idx ON orders (n DESC) WHERE n > 3;
CREATE INDEX orders_lower_idx ON orders (lower(code));
CREATE TRIGGER orders_note BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION note_for();
ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_note;
GRANT SELECT, INSERT ON orders TO PUBLIC;
GRANT UPDATE (note) ON orders TO PUBLIC;
COMMENT ON TABLE orders IS 'what was ordered';
COMMENT ON COLUMN orders.code IS 'as the customer sees it';
COMMENT ON CONSTRAINT orders_n_check ON orders IS 'never less than nothing';
COMMENT ON INDEX orders_n_idx IS 'the large ones';
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY orders_small ON orders FOR SELECT USING (n < 5);
