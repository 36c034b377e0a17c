CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: renamed from remark
  note text,
  n integer
);
CREATE VIEW v AS SELECT id, note FROM orders;
