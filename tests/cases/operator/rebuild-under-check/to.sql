CREATE SCHEMA app;
CREATE OPERATOR app.<~> (FUNCTION = int4le, LEFTARG = integer, RIGHTARG = integer, HASHES = false);
CREATE TABLE t (a integer, b integer, CONSTRAINT ordered CHECK (a OPERATOR(app.<~>) b));
CREATE INDEX t_ordered ON t (a) WHERE a OPERATOR(app.<~>) b;
