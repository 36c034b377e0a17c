CREATE VIEW product_overview AS
SELECT p.id, p.sku, p.name, c.name AS category, p.price, i.on_hand - i.reserved AS available
FROM products p
JOIN categories c ON c.id = p.category_id
LEFT JOIN inventory i ON i.product_id = p.id;
COMMENT ON VIEW product_overview IS 'What the front page lists.';
GRANT SELECT ON product_overview TO shop_app, shop_reporting;

CREATE VIEW best_sellers AS
SELECT o.id, o.name, sum(oi.quantity) AS sold
FROM product_overview o
JOIN order_items oi ON oi.product_id = o.id
GROUP BY o.id, o.name;
GRANT SELECT ON best_sellers TO shop_reporting;

CREATE MATERIALIZED VIEW daily_sales AS
SELECT date_trunc('day', o.placed_at) AS day, count(DISTINCT o.id) AS orders,
       sum(i.line_total) AS revenue
FROM orders o
JOIN order_items i ON i.order_id = o.id
WHERE o.status <> 'cancelled'
GROUP BY 1;
CREATE UNIQUE INDEX daily_sales_day_idx ON daily_sales (day);
GRANT SELECT ON daily_sales TO shop_reporting;
