CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  -- aloft: using mail
  -- aloft: reverse mail = email
  email text NOT NULL,
  CONSTRAINT accounts_key UNIQUE (email)
);
CREATE INDEX accounts_idx ON accounts (lower(email));
