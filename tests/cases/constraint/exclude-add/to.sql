CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  CONSTRAINT apart EXCLUDE USING btree (n WITH =)
);
