CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: using 'O-' || no
  -- aloft: reverse no = substr(code, 3)::bigint
  code text NOT NULL
);
