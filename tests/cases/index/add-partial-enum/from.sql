CREATE TYPE status AS ENUM ('draft', 'placed', 'paid');
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  state status NOT NULL DEFAULT 'draft',
  at timestamptz
);
