CREATE EXTENSION pgcrypto;
CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n integer);
CREATE TABLE others (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), salt text DEFAULT gen_salt('md5'));
