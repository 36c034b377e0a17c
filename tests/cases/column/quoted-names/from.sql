CREATE TABLE "Orders" (
  "Id" bigint PRIMARY KEY
);
