CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TYPE state AS ENUM ('draft', 'new', 'paid', 'sent', 'done', 'gone');
ALTER TABLE orders ADD COLUMN s state DEFAULT 'new';
