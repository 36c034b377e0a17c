-- Who reads and writes, and the types that several tables share.

CREATE ROLE shop_app NOLOGIN;
CREATE ROLE shop_reporting NOLOGIN;

GRANT USAGE ON SCHEMA public TO shop_app, shop_reporting;

CREATE TYPE order_status AS ENUM ('draft', 'placed', 'paid', 'shipped', 'cancelled');
COMMENT ON TYPE order_status IS 'Where an order is on its way to the customer.';

CREATE DOMAIN amount AS numeric(12, 2) CHECK (VALUE >= 0);
COMMENT ON DOMAIN amount IS 'Money in the currency of the shop, never negative.';

CREATE SEQUENCE order_number_seq START WITH 100000;
GRANT USAGE ON SEQUENCE order_number_seq TO shop_app;
