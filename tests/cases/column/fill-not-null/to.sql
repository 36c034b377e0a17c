CREATE TABLE orders (
  id bigint PRIMARY KEY,
  first text,
  -- aloft: backfill coalesce(first, 'none')
  label text NOT NULL
);
