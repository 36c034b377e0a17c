INSERT INTO names VALUES ('abc'), ('x');
