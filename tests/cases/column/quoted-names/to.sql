CREATE TABLE "Orders" (
  "Id" bigint PRIMARY KEY,
  "Select" text DEFAULT 'it''s'
);
