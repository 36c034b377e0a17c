CREATE TABLE categories (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id integer REFERENCES categories,
    name      text NOT NULL UNIQUE
);

CREATE TABLE products (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id integer NOT NULL REFERENCES categories,
    sku         text NOT NULL UNIQUE,
    name        varchar(80) NOT NULL,
    description text,
    price       amount NOT NULL,
    attributes  jsonb NOT NULL DEFAULT '{}'::jsonb,
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_attributes_idx ON products USING gin (attributes jsonb_path_ops);
COMMENT ON COLUMN products.sku IS 'The number on the box.';

CREATE TABLE inventory (
    product_id bigint PRIMARY KEY REFERENCES products,
    on_hand    integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved   integer NOT NULL DEFAULT 0,
    CHECK (reserved <= on_hand)
);

CREATE TABLE reviews (
    product_id  bigint NOT NULL REFERENCES products,
    customer_id bigint NOT NULL REFERENCES customers,
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body        text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (product_id, customer_id)
);

GRANT SELECT ON categories, products TO shop_app, shop_reporting;
GRANT SELECT, UPDATE ON inventory TO shop_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON reviews TO shop_app;
