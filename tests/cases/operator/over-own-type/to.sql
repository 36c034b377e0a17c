-- The domain's check and the functions' bodies use the symbols of the operators over the domain.
CREATE DOMAIN code AS text CHECK (value <> '');
CREATE FUNCTION same_code(code, code) RETURNS boolean LANGUAGE sql IMMUTABLE
  RETURN lower($1::text) = lower($2::text);
CREATE FUNCTION other_code(code, code) RETURNS boolean LANGUAGE sql IMMUTABLE
  RETURN lower($1::text) <> lower($2::text);
CREATE OPERATOR = (FUNCTION = same_code, LEFTARG = code, RIGHTARG = code, COMMUTATOR = =, NEGATOR = <>);
CREATE OPERATOR <> (FUNCTION = other_code, LEFTARG = code, RIGHTARG = code, NEGATOR = =);
CREATE OPERATOR ==> (FUNCTION = same_code, LEFTARG = code, RIGHTARG = code);
CREATE TABLE t (a code, b code, CONSTRAINT differ CHECK (a <> b));
CREATE FUNCTION leads(code, code) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 ==> $2;
