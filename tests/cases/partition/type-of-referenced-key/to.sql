CREATE TABLE orders (
  id bigserial,
  day date NOT NULL,
  number bigint NOT NULL,
  note text,
  PRIMARY KEY (id, day),
  CONSTRAINT orders_number UNIQUE (number, day)
) PARTITION BY RANGE (day);
CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (day);
CREATE TABLE orders_2024_first PARTITION OF orders_2024 FOR VALUES IN ('2024-01-01');
CREATE TABLE orders_2024_rest PARTITION OF orders_2024 DEFAULT;
CREATE TABLE lines (
  order_id bigint NOT NULL,
  n integer,
  day date NOT NULL,
  PRIMARY KEY (order_id, n),
  CONSTRAINT lines_order FOREIGN KEY (order_id, day) REFERENCES orders
    ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE mails (
  id bigint PRIMARY KEY,
  order_id integer,
  number bigint,
  day date,
  FOREIGN KEY (order_id, day) REFERENCES orders ON DELETE SET NULL DEFERRABLE,
  FOREIGN KEY (number, day) REFERENCES orders (number, day)
);
COMMENT ON CONSTRAINT lines_order ON lines IS 'what is ordered';
