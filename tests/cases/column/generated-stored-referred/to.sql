CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  n integer,
  twice integer GENERATED ALWAYS AS (n * 2) STORED
);
CREATE TABLE lines (
  id bigint PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE ON UPDATE CASCADE,
  code text REFERENCES orders (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE notes (
  id bigint PRIMARY KEY,
  order_id bigint CONSTRAINT notes_of_order REFERENCES orders ON DELETE SET NULL
);
COMMENT ON CONSTRAINT notes_of_order ON notes IS 'may outlive it';
