INSERT INTO accounts (name) SELECT 'account ' || g FROM generate_series(1, 50) g;
INSERT INTO shops (name) SELECT 'shop ' || g FROM generate_series(1, 20) g;
INSERT INTO orders (id, day, shop, account, payer)
  SELECT g, date '2023-11-01' + g % 120, nullif(1 + g % 21, 21), 1 + g % 50, nullif(1 + g % 51, 51)
  FROM generate_series(1, 400) g;
