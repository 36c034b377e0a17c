CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION bump(p bigint, OUT total integer, VARIADIC more integer[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
BEGIN
  -- it's quoted with $$ inside
  SELECT count(*) INTO total FROM orders WHERE id = p;
END
$fn$;
