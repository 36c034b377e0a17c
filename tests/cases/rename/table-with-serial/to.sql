-- aloft: renamed from lines
CREATE TABLE order_lines (
  -- aloft: renamed from id
  line bigserial PRIMARY KEY,
  note text
);
CREATE TABLE marks (
  -- aloft: renamed from id
  mark serial PRIMARY KEY,
  n integer
);
