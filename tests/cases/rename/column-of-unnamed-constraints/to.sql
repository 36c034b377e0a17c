CREATE TABLE users (
  id bigint PRIMARY KEY,
  -- aloft: renamed from username
  user_name varchar(100) NOT NULL UNIQUE CHECK (user_name <> ''),
  n integer
);
CREATE INDEX ON users (user_name, n);
