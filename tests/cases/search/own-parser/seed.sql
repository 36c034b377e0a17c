INSERT INTO posts VALUES (1, 'one two', NULL), (2, 'three', NULL);
