INSERT INTO lines (order_id, price, pieces) SELECT g / 3, g * 1.5, g % 5 + 1 FROM generate_series(1, 100) g;
