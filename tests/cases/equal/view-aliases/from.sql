CREATE TABLE orders (id bigint PRIMARY KEY, note text, n integer);
CREATE VIEW twice AS SELECT note, ARRAY(SELECT id FROM orders) AS ids, EXISTS (SELECT FROM orders) AS any_of FROM orders;
CREATE VIEW without AS SELECT n FROM orders EXCEPT ALL (VALUES (1), (2) INTERSECT SELECT 3);
CREATE VIEW locked AS SELECT id FROM orders FOR UPDATE;
CREATE VIEW skipped AS SELECT x.id FROM orders x, orders y FOR NO KEY UPDATE OF x SKIP LOCKED FOR SHARE OF y NOWAIT;
CREATE VIEW tree AS WITH RECURSIVE r AS (SELECT id, n FROM orders WHERE n IS NULL UNION ALL SELECT o.id, o.n FROM orders o JOIN r ON r.id = o.n), s AS (SELECT * FROM r) SELECT r.id, s.n FROM r, s;
CREATE VIEW sessions AS SELECT * FROM pg_catalog.pg_stat_activity;
CREATE VIEW tables AS SELECT * FROM information_schema.tables;
