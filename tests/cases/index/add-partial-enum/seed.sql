INSERT INTO orders SELECT g, 'paid', now() FROM generate_series(1, 100) g;
