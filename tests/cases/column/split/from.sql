CREATE TABLE people (
  id bigint PRIMARY KEY,
  -- aloft: using first_name || ' ' || last_name
  -- aloft: reverse first_name = split_part(full_name, ' ', 1)
  -- aloft: reverse last_name = split_part(full_name, ' ', 2)
  full_name text NOT NULL
);
CREATE INDEX people_full_name_idx ON people (full_name);
