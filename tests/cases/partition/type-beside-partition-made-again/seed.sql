INSERT INTO p SELECT g, g FROM generate_series(1, 90) g;
