CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  created_at timestamptz NOT NULL DEFAULT now()
);
