CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SEQUENCE numbers AS integer START WITH 10 INCREMENT BY 5 MINVALUE 5 MAXVALUE 1000 CACHE 3 CYCLE;
COMMENT ON SEQUENCE numbers IS 'for invoices';
