CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TABLE t (a integer, b numeric(5,0), c character varying, d timestamp(3) without time zone, e double precision, f character(1), g integer[], h boolean DEFAULT true, i text);
