INSERT INTO orders SELECT g, ('{new,paid,sent}'::state[])[1 + g % 3] FROM generate_series(1, 100) g;
INSERT INTO lines SELECT g, ('{new,paid,NULL}'::state[])[1 + g % 3] FROM generate_series(1, 100) g;
