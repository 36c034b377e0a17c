CREATE TABLE public.t (id integer, n integer);
ALTER TABLE public.t ALTER n SET STATISTICS 300;
ALTER TABLE public.t ADD CONSTRAINT t_n CHECK (n > 0) NOT VALID;
CREATE TABLE public.child (extra integer) INHERITS (public.t);
