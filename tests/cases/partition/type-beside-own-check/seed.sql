INSERT INTO readings SELECT date '2022-06-01' + g * 5, g FROM generate_series(1, 200) g;
