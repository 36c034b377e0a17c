CREATE DOMAIN email AS text;
CREATE TABLE lists (
  id bigint PRIMARY KEY,
  members email[]
);
