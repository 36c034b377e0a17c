INSERT INTO parts (day) SELECT date '2023-11-01' + g % 120 FROM generate_series(1, 300) g;
UPDATE parts SET (whole, whole_day) = (SELECT w.id, w.day FROM parts w WHERE w.id = parts.id / 2)
  WHERE id > 1;
INSERT INTO uses SELECT id, day, id % 7 FROM parts WHERE id % 3 > 0;
