INSERT INTO events SELECT g, 2022 + g % 3, 'k' || g % 5 FROM generate_series(1, 90) g;
