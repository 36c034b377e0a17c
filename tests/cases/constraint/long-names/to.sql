CREATE TABLE a_table_whose_name_is_so_long_that_it_needs_to_be_cut_somewh (quantity_of_things integer CHECK (quantity_of_things > 0) UNIQUE);
