INSERT INTO readings VALUES ('a', 1), ('a', 2), ('b', 3);
