CREATE TABLE coupons (
    code       text PRIMARY KEY,
    percent    smallint NOT NULL CHECK (percent BETWEEN 1 AND 100),
    valid_till date NOT NULL,
    order_id   bigint REFERENCES orders
);
CREATE INDEX coupons_order_id_idx ON coupons (order_id);
COMMENT ON TABLE coupons IS 'Discounts that were promised, and the order that used each.';
GRANT SELECT, UPDATE ON coupons TO shop_app;
