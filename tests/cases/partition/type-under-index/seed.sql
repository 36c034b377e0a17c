INSERT INTO readings
  SELECT g, date '2022-06-01' + g * 5, g % 5, nullif(g % 90, 7) FROM generate_series(1, 400) g;
