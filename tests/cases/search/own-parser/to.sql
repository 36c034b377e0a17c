CREATE FUNCTION prs_start(internal, integer) RETURNS internal LANGUAGE internal STRICT AS 'prsd_start';
CREATE FUNCTION prs_next(internal, internal, internal) RETURNS internal LANGUAGE internal STRICT AS 'prsd_nexttoken';
CREATE FUNCTION prs_end(internal) RETURNS void LANGUAGE internal STRICT AS 'prsd_end';
CREATE FUNCTION prs_types(internal) RETURNS internal LANGUAGE internal STRICT AS 'prsd_lextype';
CREATE TEXT SEARCH PARSER words (
  START = prs_start, GETTOKEN = prs_next, END = prs_end, HEADLINE = prsd_headline,
  LEXTYPES = prs_types
);
COMMENT ON TEXT SEARCH PARSER words IS 'as the default one';
CREATE TEXT SEARCH CONFIGURATION tags (PARSER = words);
ALTER TEXT SEARCH CONFIGURATION tags ADD MAPPING FOR word, asciiword WITH simple;
COMMENT ON TEXT SEARCH CONFIGURATION public.tags IS 'of posts';
CREATE TABLE posts (id bigint PRIMARY KEY, tags text NOT NULL, tag_index tsvector);
CREATE INDEX posts_tags ON posts USING gin (to_tsvector('tags', tags));
CREATE TRIGGER posts_index BEFORE INSERT OR UPDATE ON posts FOR EACH ROW
  EXECUTE FUNCTION tsvector_update_trigger('tag_index', 'public.tags', 'tags');
