CREATE ROLE aloft_reader;
-- aloft: renamed from order_lines
CREATE TABLE lines (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 1, note text);
CREATE VIEW numbers AS SELECT lines.id, lines.n FROM lines;
CREATE VIEW pairs AS SELECT a.id, b.n FROM lines a JOIN lines b ON a.id = b.n;
GRANT SELECT, INSERT, UPDATE ON lines TO aloft_reader;
GRANT SELECT (note) ON lines TO PUBLIC;
