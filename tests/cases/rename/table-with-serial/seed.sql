INSERT INTO lines (note) SELECT g FROM generate_series(1, 100) g;
INSERT INTO marks (n) SELECT g FROM generate_series(1, 100) g;
