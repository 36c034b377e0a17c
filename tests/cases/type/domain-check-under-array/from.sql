CREATE DOMAIN email AS text CONSTRAINT email_at CHECK (VALUE LIKE '%@%');
CREATE TABLE lists (
  id bigint PRIMARY KEY,
  members email[]
);
