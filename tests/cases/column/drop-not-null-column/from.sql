CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: backfill id::text
  code text NOT NULL,
  kind text NOT NULL DEFAULT 'x',
  note text
);
CREATE INDEX ON orders (code);
