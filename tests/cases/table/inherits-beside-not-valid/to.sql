CREATE TABLE readings (n integer, kind text);
ALTER TABLE readings ADD CONSTRAINT readings_n_check CHECK (n > 5) NOT VALID;
CREATE TABLE fine_readings (more text) INHERITS (readings);
CREATE TABLE late_readings (more text) INHERITS (readings);
ALTER TABLE readings ADD CONSTRAINT readings_kind_check CHECK (kind <> 'x') NOT VALID;
