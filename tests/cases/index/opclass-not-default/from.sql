CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10), note text COLLATE "C");
CREATE INDEX by_code ON orders (code);
CREATE INDEX by_note ON orders (note);
