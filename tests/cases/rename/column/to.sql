CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: renamed from note
  remark text,
  n integer
);
