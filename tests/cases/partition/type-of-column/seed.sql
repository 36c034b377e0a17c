INSERT INTO readings
  SELECT g, date '2022-06-01' + g * 5, g % 5, g % 90, 'note ' || g FROM generate_series(1, 400) g;
