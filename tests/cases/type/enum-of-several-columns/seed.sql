INSERT INTO orders SELECT g, ('{new,paid,sent}'::state[])[1 + g % 3], ('{sent,new,NULL}'::state[])[1 + g % 3], 'note' FROM generate_series(1, 100) g;
INSERT INTO lines SELECT g, ('{new,paid,sent}'::state[])[1 + g % 3], g FROM generate_series(1, 100) g;
