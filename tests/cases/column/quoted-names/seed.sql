INSERT INTO "Orders" SELECT generate_series(1,50);
