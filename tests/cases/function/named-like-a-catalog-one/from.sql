CREATE TABLE tags (id bigint PRIMARY KEY, name text, words text[]);
CREATE INDEX tags_name_idx ON tags (lower(name));
