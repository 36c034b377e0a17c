INSERT INTO kinds VALUES ('a'), ('b');
INSERT INTO events (day, code, note, n, kind) SELECT date '2024-06-01' + 5 * g, 'Code ' || g, nullif('note', 'no' || g % 3), g % 7, chr(97 + g % 2) FROM generate_series(1, 100) g;
