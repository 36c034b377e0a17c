INSERT INTO events (id, at) OVERRIDING SYSTEM VALUE SELECT g, date '2024-06-01' + g FROM generate_series(1, 400) g;
