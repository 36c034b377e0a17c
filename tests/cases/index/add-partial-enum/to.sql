CREATE TYPE status AS ENUM ('draft', 'placed', 'paid');
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  state status NOT NULL DEFAULT 'draft',
  at timestamptz
);
CREATE INDEX orders_open_idx ON orders (at) WHERE state IN ('placed', 'paid');
CREATE INDEX orders_state_idx ON orders ((state = 'paid'), at DESC) WHERE state <> 'draft';
