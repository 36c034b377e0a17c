INSERT INTO orders (code, note, n) SELECT 'Code ' || g, nullif('note', 'no' || g % 3), g % 7 FROM generate_series(1, 100) g;
