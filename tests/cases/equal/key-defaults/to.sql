CREATE DOMAIN plain AS text COLLATE "C";
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  code varchar(10),
  address cidr,
  note text COLLATE "C",
  words plain,
  during int4range,
  EXCLUDE USING gist (during pg_catalog.range_ops WITH &&)
);
CREATE INDEX by_code ON orders (code COLLATE "default" text_ops, note COLLATE "C" pg_catalog.text_ops, words COLLATE "C" text_ops);
CREATE INDEX in_parentheses ON orders ((code), (note COLLATE "POSIX"));
CREATE INDEX by_address ON orders USING spgist (address inet_ops);
CREATE INDEX by_block ON orders USING brin (code text_minmax_ops, id int8_minmax_ops);
CREATE INDEX by_text ON orders (lower(code) text_ops, upper(note) COLLATE "C", (note || 'x') COLLATE "C" text_ops);
CREATE TABLE parts (code varchar(10), note text COLLATE "C", n integer) PARTITION BY RANGE (code COLLATE "default" text_ops, note COLLATE "C", lower(code), (note || 'x') text_ops);
CREATE TABLE hashed (note text COLLATE "C", n integer) PARTITION BY HASH ((note) text_ops, n int4_ops);
