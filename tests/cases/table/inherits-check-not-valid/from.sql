CREATE TABLE readings (n integer, kind text, CONSTRAINT readings_n_check CHECK (n > 0));
CREATE TABLE fine_readings (more text) INHERITS (readings);
