INSERT INTO orders SELECT g,'n','2024-01-01'::timestamp + g * interval '1 hour' FROM generate_series(1,100) g;
