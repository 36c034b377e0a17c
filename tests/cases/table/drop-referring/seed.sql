INSERT INTO orders SELECT generate_series(1, 100);
INSERT INTO notes SELECT g, g FROM generate_series(1, 100) g;
INSERT INTO marks SELECT g, g FROM generate_series(1, 100) g;
