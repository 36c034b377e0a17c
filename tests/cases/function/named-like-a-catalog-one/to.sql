CREATE FUNCTION lower(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE
  AS $$ SELECT array_agg(lower(value)) FROM unnest($1) value $$;
CREATE TABLE tags (id bigint PRIMARY KEY, name text, words text[], CHECK (lower(name) <> ''));
CREATE INDEX tags_name_idx ON tags (lower(name), id);
CREATE INDEX tags_words_idx ON tags USING gin (lower(words));
CREATE VIEW lowered AS SELECT lower(name) AS name, lower(words) AS words FROM tags;
