CREATE FUNCTION code() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'x' $$;
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  c text
);
