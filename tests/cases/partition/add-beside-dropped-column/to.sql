CREATE TABLE public.p (
  id integer NOT NULL,
  kept text,
  CONSTRAINT p_key PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX p_kept ON public.p (kept);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (100);
CREATE TABLE public.p_rest PARTITION OF public.p DEFAULT;
