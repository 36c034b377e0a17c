CREATE FUNCTION matched_by(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $2 ~ $1 $$;
CREATE FUNCTION matches(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1 ~ $2 $$;
CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
-- Its commutator is said by the other one alone.
CREATE OPERATOR ~<< (PROCEDURE = matched_by, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR ~>> (
  FUNCTION = matches, LEFTARG = text, RIGHTARG = text, COMMUTATOR = ~<<, RESTRICT = regexeqsel,
  JOIN = regexeqjoinsel
);
CREATE OPERATOR !!! (FUNCTION = shout, RIGHTARG = text);
COMMENT ON OPERATOR !!! (NONE, text) IS 'louder';
CREATE TABLE names (name text CHECK ('^[a-z]+$' ~<< name));
CREATE VIEW loud AS SELECT !!! name AS name FROM names;
