CREATE DOMAIN code AS text CHECK (value <> '');
CREATE TABLE t (a code);
