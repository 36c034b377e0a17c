CREATE TEXT SEARCH CONFIGURATION fr (COPY = pg_catalog.french);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = snowball, LANGUAGE = french, STOPWORDS = french);
ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR word, hword WITH stems;
CREATE TABLE t (a text);
CREATE INDEX t_a ON t USING gin (to_tsvector('fr', a));
