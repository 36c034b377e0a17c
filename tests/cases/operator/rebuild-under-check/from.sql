CREATE SCHEMA app;
CREATE OPERATOR app.<~> (FUNCTION = int4lt, LEFTARG = integer, RIGHTARG = integer);
CREATE TABLE t (a integer, b integer, CONSTRAINT ordered CHECK (a OPERATOR(app.<~>) b));
CREATE INDEX t_ordered ON t (a) WHERE a OPERATOR(app.<~>) b;
