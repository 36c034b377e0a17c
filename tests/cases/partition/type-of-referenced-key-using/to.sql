CREATE TABLE orders (
  id bigint NOT NULL, -- aloft: using id + 1000
  day date NOT NULL,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE lines (
  order_id integer NOT NULL,
  day date NOT NULL,
  CONSTRAINT lines_order FOREIGN KEY (order_id, day) REFERENCES orders
);
