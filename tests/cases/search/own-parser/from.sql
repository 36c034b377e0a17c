CREATE TABLE posts (id bigint PRIMARY KEY, tags text NOT NULL, tag_index tsvector);
