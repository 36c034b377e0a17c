INSERT INTO t (a, c) VALUES ('a', 1), ('b', 2);
