INSERT INTO visits SELECT g, date '2022-01-01' + g * 10 FROM generate_series(1, 100) g;
