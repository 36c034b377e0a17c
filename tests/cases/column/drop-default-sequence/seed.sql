INSERT INTO orders (note) SELECT 'n' FROM generate_series(1,50);
