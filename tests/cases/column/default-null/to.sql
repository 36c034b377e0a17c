CREATE DOMAIN word AS text DEFAULT 'x';
CREATE TABLE t (
  a varchar(10),
  b varchar,
  c numeric(10,2) DEFAULT NULL::numeric,
  d text DEFAULT NULL,
  e varchar(512) DEFAULT NULL,
  f word,
  g varchar(10) DEFAULT NULL,
  h text DEFAULT NULL,
  i varchar(20) DEFAULT NULL::character varying,
  j interval day to second DEFAULT NULL
);
