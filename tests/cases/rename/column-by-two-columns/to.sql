CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  -- aloft: using mail
  -- aloft: reverse mail = email
  email text NOT NULL,
  note text,
  CONSTRAINT accounts_email_key UNIQUE (email)
);
