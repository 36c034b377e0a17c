CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  -- aloft: using email
  -- aloft: reverse email = mail
  mail text NOT NULL,
  CONSTRAINT accounts_mail_key UNIQUE (mail)
);
