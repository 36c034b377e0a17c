CREATE TABLE orders (
  id bigint PRIMARY KEY,
  total numeric(10, 2),
  cents bigint DEFAULT 0 NOT NULL, -- aloft: using total * 100
  total_text text -- aloft: using total::text
);
