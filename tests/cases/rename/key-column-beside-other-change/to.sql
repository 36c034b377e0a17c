CREATE TABLE orders (
  id bigint PRIMARY KEY, -- aloft: renamed from number
  note text
);
