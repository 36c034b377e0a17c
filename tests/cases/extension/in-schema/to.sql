CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
ALTER TABLE orders ADD COLUMN h ext.hstore DEFAULT ''::ext.hstore;
