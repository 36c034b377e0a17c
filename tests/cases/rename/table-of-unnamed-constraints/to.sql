CREATE TABLE places (id bigint PRIMARY KEY);
-- aloft: renamed from users
CREATE TABLE people (
  id bigint PRIMARY KEY,
  place bigint REFERENCES places,
  n integer UNIQUE
);
