CREATE ROLE aloft_reader;
-- aloft: renamed from lines
CREATE TABLE order_lines (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 1, note text);
CREATE VIEW numbers AS SELECT order_lines.id, order_lines.n FROM order_lines;
CREATE VIEW pairs AS SELECT a.id, b.n FROM order_lines a JOIN order_lines b ON a.id = b.n;
GRANT SELECT, INSERT, UPDATE ON order_lines TO aloft_reader;
GRANT SELECT (note) ON order_lines TO PUBLIC;
