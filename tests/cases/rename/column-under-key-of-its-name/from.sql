CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  -- aloft: using email
  -- aloft: reverse email = mail
  mail text NOT NULL,
  CONSTRAINT accounts_key UNIQUE (mail)
);
CREATE INDEX accounts_idx ON accounts (lower(mail));
