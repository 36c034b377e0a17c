CREATE TABLE customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    full_name  text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customers IS 'Everybody who ever placed an order.';
COMMENT ON COLUMN customers.email IS 'How we reach them; also their login.';

CREATE TABLE addresses (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
    line1       text NOT NULL,
    line2       text,
    city        text NOT NULL,
    postcode    varchar(12) NOT NULL,
    country     char(2) NOT NULL DEFAULT 'DE'
);
CREATE INDEX addresses_customer_id_idx ON addresses (customer_id);

GRANT SELECT, INSERT, UPDATE ON customers, addresses TO shop_app;
GRANT SELECT (id, created_at) ON customers TO shop_reporting;
