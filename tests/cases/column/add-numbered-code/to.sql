CREATE SEQUENCE codes;
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  code text NOT NULL DEFAULT 'A' || nextval('codes')
);
