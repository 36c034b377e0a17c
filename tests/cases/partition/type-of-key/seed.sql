INSERT INTO readings (taken, site, note)
  SELECT date '2022-06-01' + g * 5, g % 5, 'note ' || g FROM generate_series(1, 400) g;
