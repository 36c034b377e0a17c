CREATE TYPE public.state AS ENUM ('new', 'held', 'paid', 'sent');
COMMENT ON TYPE public.state IS 'how far an order is';
CREATE TABLE public.orders (
  id integer PRIMARY KEY,
  state public.state NOT NULL DEFAULT 'new',
  note text,
  CONSTRAINT known CHECK (state <> 'paid' OR note IS NOT NULL)
);
CREATE INDEX open_orders ON public.orders (id) WHERE state = 'new';
CREATE INDEX orders_state ON public.orders (state, id);
