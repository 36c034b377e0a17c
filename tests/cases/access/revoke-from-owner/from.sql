CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE numbers;
