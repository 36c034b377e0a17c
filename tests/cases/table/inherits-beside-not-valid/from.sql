CREATE TABLE readings (n integer, kind text);
