CREATE TABLE a (id int, note text DEFAULT 'n', CHECK (id > 0));
CREATE TABLE b (x int) INHERITS (a);
