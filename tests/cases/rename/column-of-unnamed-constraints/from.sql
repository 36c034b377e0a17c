CREATE TABLE users (
  id bigint PRIMARY KEY,
  -- aloft: renamed from user_name
  username varchar(100) NOT NULL UNIQUE CHECK (username <> ''),
  n integer
);
CREATE INDEX ON users (username, n);
