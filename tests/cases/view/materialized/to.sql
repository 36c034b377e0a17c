CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE MATERIALIZED VIEW m AS SELECT note, sum(n) AS total FROM orders GROUP BY note;
CREATE UNIQUE INDEX m_note_idx ON m (note);
