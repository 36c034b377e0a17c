CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text
);
CREATE TABLE note (
  note text,
  n integer
);
CREATE VIEW rows AS SELECT orders.*::orders AS orders FROM orders;
CREATE VIEW rows_by_alias AS SELECT o.*::orders AS o, o.id FROM orders o, note;
CREATE VIEW counted AS SELECT count(o.*) AS n FROM orders o;
CREATE VIEW as_json AS SELECT row_to_json(orders.*) AS j FROM orders;
CREATE VIEW columns AS SELECT count(note.note) AS n FROM note;
CREATE VIEW of_outer AS SELECT ( SELECT orders.*::orders AS orders) AS whole FROM orders;
