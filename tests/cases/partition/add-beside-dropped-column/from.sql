CREATE TABLE public.p (
  id integer NOT NULL,
  gone text NOT NULL,
  kept text,
  old integer NOT NULL DEFAULT 7,
  CONSTRAINT p_key PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX p_kept ON public.p (kept);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (100);
