CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number      bigint NOT NULL DEFAULT nextval('order_number_seq') UNIQUE,
    customer_id bigint NOT NULL REFERENCES customers,
    address_id  bigint REFERENCES addresses ON DELETE SET NULL,
    status      order_status NOT NULL DEFAULT 'draft',
    placed_at   timestamptz,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_placed_check CHECK (status = 'draft' OR placed_at IS NOT NULL)
);
CREATE INDEX orders_open_idx ON orders (placed_at) WHERE status IN ('placed', 'paid');

CREATE TABLE order_items (
    order_id   bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    line       smallint NOT NULL,
    product_id bigint NOT NULL,
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price amount NOT NULL,
    line_total numeric GENERATED ALWAYS AS (quantity * unit_price) STORED,
    PRIMARY KEY (order_id, line)
);
CREATE INDEX order_items_product_id_idx ON order_items (product_id);

CREATE TABLE payments (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id  bigint NOT NULL REFERENCES orders,
    total     amount NOT NULL,
    paid_at   timestamptz NOT NULL DEFAULT now(),
    reference text
);
CREATE UNIQUE INDEX payments_reference_idx ON payments (lower(reference)) WHERE reference IS NOT NULL;

-- What happened to an order, a partition a year.
CREATE TABLE order_events (
    order_id    bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    what        text NOT NULL,
    PRIMARY KEY (order_id, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE TABLE order_events_2025 PARTITION OF order_events
    FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE order_events_2026 PARTITION OF order_events
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE order_events_later PARTITION OF order_events DEFAULT;

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY orders_of_customer ON orders TO shop_app
    USING (customer_id = current_setting('shop.customer_id', true)::bigint);

GRANT SELECT, INSERT, UPDATE ON orders, order_items, payments TO shop_app;
GRANT INSERT ON order_events TO shop_app;
