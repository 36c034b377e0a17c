CREATE TABLE sorts (id integer, kind text) PARTITION BY LIST (kind);
CREATE TABLE sorts_1 PARTITION OF sorts FOR VALUES IN (1);
