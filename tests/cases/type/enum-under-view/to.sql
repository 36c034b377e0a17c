CREATE TYPE public.state AS ENUM ('new', 'sent', 'paid');
CREATE TABLE public.orders (
  id integer PRIMARY KEY,
  state public.state NOT NULL DEFAULT 'new',
  seen integer NOT NULL DEFAULT 0
);
CREATE TABLE public.lines (
  order_id integer NOT NULL,
  state public.state
);
CREATE VIEW public.open_orders AS SELECT id, state FROM public.orders WHERE state <> 'sent';
COMMENT ON VIEW public.open_orders IS 'what is to be done';
CREATE VIEW public.open_lines AS
  SELECT o.id, o.state, l.state AS of_line FROM public.open_orders o JOIN public.lines l ON l.order_id = o.id;
CREATE FUNCTION public.note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := NEW.seen + 1; RETURN NEW; END $$;
CREATE TRIGGER changes BEFORE UPDATE ON public.orders FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION public.note_change();
