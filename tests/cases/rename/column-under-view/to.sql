CREATE TABLE orders (
  id bigint PRIMARY KEY,
  remark text, -- @renamed from=note
  n integer
);
CREATE VIEW v AS SELECT id, remark AS note FROM orders;
