INSERT INTO orders SELECT g, CASE WHEN g % 3 > 0 THEN 'f' || g END, CASE WHEN g % 2 = 0 THEN 'own' END FROM generate_series(1, 100) g;
