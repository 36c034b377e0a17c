CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TABLE t (a int4, b decimal(5), c varchar, d timestamp(3), e float(30), f char, g int[3], h bool DEFAULT 't', i text DEFAULT NULL);
