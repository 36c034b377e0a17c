INSERT INTO orders SELECT g,'n',g FROM generate_series(1,100) g;
