CREATE FUNCTION fine(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 > 0 $$;
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer CHECK (fine(n))
);
