CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF note, n ON orders FOR EACH ROW WHEN (NEW.n > 5) EXECUTE FUNCTION touch('a', 'b');
COMMENT ON TRIGGER touch ON orders IS 'keeps it fresh';
