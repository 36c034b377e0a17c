INSERT INTO users SELECT g, 'u' || g, g FROM generate_series(1, 100) g;
