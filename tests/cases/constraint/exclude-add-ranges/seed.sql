INSERT INTO bookings (room, during) SELECT g % 5, tstzrange('2024-01-01'::timestamptz + g * interval '1 day', '2024-01-01'::timestamptz + (g + 3) * interval '1 day') FROM generate_series(1, 100) g;
INSERT INTO guests SELECT g, g FROM generate_series(1, 100) g;
