CREATE DOMAIN word AS text DEFAULT 'x';
CREATE TABLE t (
  a varchar(10) DEFAULT NULL,
  b varchar DEFAULT NULL::varchar,
  c numeric(10,2),
  d varchar(255) DEFAULT NULL::character varying,
  e varchar(255) DEFAULT NULL,
  f word DEFAULT NULL,
  g varchar(10) DEFAULT 'y',
  h text
);
