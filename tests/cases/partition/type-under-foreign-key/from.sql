CREATE TABLE accounts (
  id serial PRIMARY KEY,
  name text
);
CREATE TABLE shops (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text
);
CREATE TABLE orders (
  id bigint NOT NULL,
  day date NOT NULL,
  shop integer CONSTRAINT orders_shop REFERENCES shops ON UPDATE CASCADE ON DELETE SET NULL,
  account integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
  payer integer REFERENCES accounts ON DELETE SET NULL DEFERRABLE,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (day);
CREATE TABLE orders_2024_first (
  account integer NOT NULL,
  payer integer,
  id bigint NOT NULL,
  day date NOT NULL,
  shop integer,
  PRIMARY KEY (id, day),
  CONSTRAINT of_shop FOREIGN KEY (shop) REFERENCES shops ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT of_account FOREIGN KEY (account) REFERENCES accounts ON DELETE CASCADE
);
ALTER TABLE orders_2024 ATTACH PARTITION orders_2024_first FOR VALUES IN ('2024-01-01');
CREATE TABLE orders_2024_rest PARTITION OF orders_2024 DEFAULT;
CREATE INDEX orders_account_idx ON orders (account);
COMMENT ON CONSTRAINT orders_shop ON orders IS 'where';
COMMENT ON CONSTRAINT of_shop ON orders_2024_first IS 'where, on the first';
COMMENT ON CONSTRAINT of_account ON orders_2024_first IS 'whose, on the first';
