CREATE AGGREGATE product(integer) (SFUNC = int4mul, STYPE = integer, INITCOND = '1');
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT product(a) FROM t;
