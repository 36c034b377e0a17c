CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SCHEMA app;
CREATE TABLE app.things (id integer PRIMARY KEY);
COMMENT ON SCHEMA app IS 'the application';
