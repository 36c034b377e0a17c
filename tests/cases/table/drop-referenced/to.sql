CREATE TABLE b (a_id int, x int);
