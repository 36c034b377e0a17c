CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SCHEMA app;
CREATE TABLE app.t (id int);
