CREATE TABLE readings (place text, value numeric);
