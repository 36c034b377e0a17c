-- aloft: renamed from order_lines
CREATE TABLE lines (
  -- aloft: renamed from line
  id bigserial PRIMARY KEY,
  note text
);
CREATE TABLE marks (
  -- aloft: renamed from mark
  id serial PRIMARY KEY,
  n integer
);
