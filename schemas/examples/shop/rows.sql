-- A small shop's rows, the same every time.
INSERT INTO customers (email, full_name, fax, created_at)
SELECT 'customer' || i || '@example.com', 'Customer ' || i,
       CASE WHEN i % 50 = 0 THEN '+49 30 ' || i END,
       timestamptz '2025-01-01' + i * interval '3 hours'
FROM generate_series(1, 2000) AS i;

INSERT INTO addresses (customer_id, line1, city, postcode)
SELECT i, 'Main Street ' || i, 'Berlin', (10000 + i)::text FROM generate_series(1, 2000) AS i;

INSERT INTO categories (parent_id, name)
VALUES (NULL, 'Tools'), (NULL, 'Garden'), (1, 'Hammers'), (1, 'Saws'), (2, 'Seeds');

INSERT INTO products (category_id, sku, name, price, attributes)
SELECT 1 + i % 5, 'SKU-' || i, 'Product ' || i, 1 + i % 90, jsonb_build_object('weight', i % 20)
FROM generate_series(1, 300) AS i;

INSERT INTO inventory (product_id, on_hand, reserved) SELECT id, 100, id % 10 FROM products;

INSERT INTO reviews (product_id, customer_id, stars)
SELECT 1 + i % 300, i, 1 + i % 5 FROM generate_series(1, 1500) AS i;

INSERT INTO orders (customer_id, address_id, status, placed_at)
SELECT 1 + i % 2000, 1 + i % 2000,
       (ARRAY['placed', 'paid', 'shipped', 'cancelled'])[1 + i % 4]::order_status,
       timestamptz '2025-01-01' + i * interval '1 hour'
FROM generate_series(1, 8000) AS i;

INSERT INTO order_items (order_id, line, product_id, quantity, unit_price)
SELECT o, l, 1 + (o * 7 + l) % 300, 1 + l, 5 + (o + l) % 80
FROM generate_series(1, 8000) AS o, generate_series(1, 3) AS l;

INSERT INTO payments (order_id, total, reference)
SELECT id, 25, 'REF-' || id FROM orders WHERE status IN ('paid', 'shipped');

UPDATE orders SET status = 'shipped' WHERE status = 'paid' AND id % 8 = 1;
REFRESH MATERIALIZED VIEW daily_sales;
ANALYZE;
