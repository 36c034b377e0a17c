CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TYPE state AS ENUM ('new', 'paid', 'it''s done');
ALTER TABLE orders ADD COLUMN s state NOT NULL DEFAULT 'new';
