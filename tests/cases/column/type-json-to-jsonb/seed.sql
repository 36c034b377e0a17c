INSERT INTO orders SELECT g,'n','{"a": 1}' FROM generate_series(1,100) g;
