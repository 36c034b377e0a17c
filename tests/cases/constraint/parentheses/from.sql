CREATE TABLE orders (id bigint PRIMARY KEY, paid boolean, sent boolean, at timestamptz, tags text[], n integer);
