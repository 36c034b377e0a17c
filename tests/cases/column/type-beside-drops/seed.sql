INSERT INTO kinds VALUES (1, 'here'), (2, 'there');
INSERT INTO orders SELECT i, i % 300, 'note ' || i, i % 2 + 1 FROM generate_series(1, 500) i;
