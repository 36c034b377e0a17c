CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ADD CONSTRAINT k CHECK ((((n = ANY (ARRAY[1, 2, 3])) OR ((n >= 5) AND (n <= 1000)) OR (n <> '-1'::integer) OR (note ~~ 'a%'::text) OR (note <> ALL (ARRAY['x'::text, 'y'::text])) OR ((COALESCE(n, 0))::numeric > '1000'::numeric))));
