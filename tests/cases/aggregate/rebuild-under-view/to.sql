CREATE SCHEMA app;
CREATE AGGREGATE app.total(integer) (SFUNC = int84pl, STYPE = bigint, INITCOND = '0');
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT app.total(a) AS total FROM t;
COMMENT ON VIEW v IS 'kept';
