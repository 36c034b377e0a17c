INSERT INTO customers SELECT g, 'r' FROM generate_series(1,10) g;
INSERT INTO orders SELECT g,'n',g % 10 + 1, 'r' FROM generate_series(1,100) g;
