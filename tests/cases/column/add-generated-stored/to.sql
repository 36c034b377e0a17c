CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  upper_note text GENERATED ALWAYS AS (upper(note)) STORED
);
