INSERT INTO orders SELECT g, nullif('note', 'no' || g % 3), g % 7 FROM generate_series(1, 100) g;
INSERT INTO lines SELECT g, g % 100 + 1 FROM generate_series(1, 300) g;
