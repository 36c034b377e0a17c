CREATE TABLE people (
  id bigint PRIMARY KEY,
  first_name text NOT NULL, -- aloft: using split_part(full_name, ' ', 1)
  -- aloft: using split_part(full_name, ' ', 2)
  -- aloft: reverse full_name = first_name || ' ' || last_name
  last_name text NOT NULL
);
CREATE INDEX people_last_name_idx ON people (last_name);
