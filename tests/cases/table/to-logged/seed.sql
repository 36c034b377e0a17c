INSERT INTO kinds VALUES ('a'), ('b');
INSERT INTO orders (code, note, n, kind) SELECT 'Code ' || g, nullif('note', 'no' || g % 3), g % 7, chr(97 + g % 2) FROM generate_series(1, 100) g;
