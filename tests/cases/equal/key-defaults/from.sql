CREATE DOMAIN plain AS text COLLATE "C";
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  code varchar(10),
  address cidr,
  note text COLLATE "C",
  words plain,
  during int4range,
  EXCLUDE USING gist (during WITH &&)
);
CREATE INDEX by_code ON orders (code, note, words);
CREATE INDEX in_parentheses ON orders (code, note COLLATE "POSIX");
CREATE INDEX by_address ON orders USING spgist (address);
CREATE INDEX by_block ON orders USING brin (code, id);
CREATE INDEX by_text ON orders (lower(code), upper(note), (note || 'x'));
CREATE TABLE parts (code varchar(10), note text COLLATE "C", n integer) PARTITION BY RANGE (code, note, lower(code), (note || 'x'));
CREATE TABLE hashed (note text COLLATE "C", n integer) PARTITION BY HASH (note, n);
