CREATE TABLE places (id bigint PRIMARY KEY);
-- aloft: renamed from people
CREATE TABLE users (
  id bigint PRIMARY KEY,
  place bigint REFERENCES places,
  n integer UNIQUE
);
