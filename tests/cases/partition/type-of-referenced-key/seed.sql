INSERT INTO orders (day, number) SELECT date '2023-11-01' + g % 120, g * 2 FROM generate_series(1, 400) g;
INSERT INTO lines SELECT id, n, day FROM orders, generate_series(1, 2) n WHERE id % 3 > 0;
INSERT INTO mails SELECT id, id, number, day FROM orders WHERE id % 2 = 0;
INSERT INTO mails VALUES (100000, NULL, NULL, NULL);
