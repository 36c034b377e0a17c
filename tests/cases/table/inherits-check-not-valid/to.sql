CREATE TABLE readings (n integer, kind text);
ALTER TABLE readings ADD CONSTRAINT readings_n_check CHECK (n > 0) NOT VALID;
ALTER TABLE readings ADD CONSTRAINT readings_kind_check CHECK (kind <> 'x') NOT VALID;
CREATE TABLE fine_readings (more text) INHERITS (readings);
