CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION app (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION app ADD MAPPING FOR asciiword WITH words;
CREATE TABLE t (a text, search tsvector GENERATED ALWAYS AS (to_tsvector('app'::regconfig, a)) STORED);
