CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  at timestamptz CONSTRAINT late CHECK (at > '2000-01-01 00:00:00+00')
);
CREATE INDEX orders_day ON orders (id) WHERE at > '2020-01-01 00:00:00+00';
CREATE POLICY late ON orders USING (at > '2001-01-01 00:00:00+00');
