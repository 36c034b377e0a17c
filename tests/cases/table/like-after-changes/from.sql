CREATE TABLE t (id int, a int, b text, CHECK (a > 0));
