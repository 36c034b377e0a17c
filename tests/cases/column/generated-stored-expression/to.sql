CREATE TABLE lines (
  order_id integer NOT NULL,
  line_no serial,
  price numeric(10, 2) NOT NULL DEFAULT 1,
  pieces integer NOT NULL DEFAULT 1,
  total numeric GENERATED ALWAYS AS (round(price * pieces * 1.2, 2)) STORED,
  PRIMARY KEY (order_id, line_no)
);
CREATE INDEX lines_total_idx ON lines (total);
CREATE INDEX lines_pieces_idx ON lines (pieces);
