CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: renamed from remark
  note text,
  n integer
);
