CREATE TABLE orders (
  id bigint PRIMARY KEY,
  paid boolean,
  sent boolean,
  at timestamptz,
  tags text[],
  n integer DEFAULT ((1 = 1 AND false)::integer),
  CONSTRAINT either CHECK ((paid OR sent) IS TRUE),
  CONSTRAINT neither CHECK ((paid AND sent) IS NOT NULL),
  CONSTRAINT unsent CHECK ((NOT sent) IS NOT UNKNOWN),
  CONSTRAINT day CHECK ((at AT TIME ZONE 'UTC')::date > '2000-01-01'),
  CONSTRAINT soon CHECK ((at + interval '1 day') AT TIME ZONE 'UTC' > '2000-01-01'),
  CONSTRAINT range CHECK (n BETWEEN (paid AND sent)::integer AND (ARRAY[1, 2])[2])
);
CREATE INDEX by_day ON orders (((at AT TIME ZONE 'UTC')::date)) WHERE (paid OR sent) IS NOT FALSE;
CREATE VIEW days AS
SELECT id, (at AT TIME ZONE 'UTC')::date AS day, (paid OR sent)::integer AS any_of, (paid AND sent) IS NOT TRUE AS open
FROM orders WHERE (paid IS DISTINCT FROM sent) IS NOT NULL;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY either ON orders USING ((paid OR sent) IS NOT NULL);
