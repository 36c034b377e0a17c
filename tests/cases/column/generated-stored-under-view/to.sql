CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  twice integer GENERATED ALWAYS AS (n * 2) STORED
);
CREATE TABLE lines (
  id bigint PRIMARY KEY,
  order_id bigint NOT NULL
);
CREATE VIEW noted WITH (security_barrier = true) AS
  SELECT id, note FROM orders WHERE note IS NOT NULL;
CREATE VIEW sums AS
  SELECT o.id, o.note, count(l.id) AS lines FROM orders o LEFT JOIN lines l ON l.order_id = o.id GROUP BY o.id;
CREATE VIEW on_noted AS SELECT count(*) AS n FROM noted;
GRANT SELECT ON noted TO PUBLIC;
COMMENT ON VIEW noted IS 'with a note';
COMMENT ON COLUMN noted.note IS 'never empty';
