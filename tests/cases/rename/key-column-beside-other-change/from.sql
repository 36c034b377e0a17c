CREATE TABLE orders (
  number bigint PRIMARY KEY -- aloft: renamed from id
);
