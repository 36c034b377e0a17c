CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE PROCEDURE p(INOUT x integer) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; END $$;
