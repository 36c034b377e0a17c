CREATE TABLE orders (id bigint PRIMARY KEY, note text);
SET ROLE aloft_reader;
CREATE TABLE payments (id bigint PRIMARY KEY);
