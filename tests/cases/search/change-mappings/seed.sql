INSERT INTO t VALUES ('les chevaux'), ('a@b.fr');
