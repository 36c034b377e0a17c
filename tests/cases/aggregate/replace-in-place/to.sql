CREATE AGGREGATE product(integer) (SFUNC = int4mul, STYPE = integer, COMBINEFUNC = int4mul, PARALLEL = SAFE);
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT product(a) FROM t;
