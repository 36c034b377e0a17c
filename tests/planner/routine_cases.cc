#include "tests/planner/emit_code_cases.h"

namespace aloft {

Function& sketch_function(Sketch& sketch, const std::string& name, const std::string& body) {
  Function& f = sketch.snapshot.functions[in_public(Kind::Function, name, "integer")];
  f = {.arguments = "i integer",
       .returns = "integer",
       .language = "sql",
       .body = Sketch::text(body),
       .create = "CREATE OR REPLACE FUNCTION public." + name +
                 "(i integer) RETURNS integer LANGUAGE sql AS $$" + body + "$$",
       .grants = {{"", "EXECUTE"}}};
  return f;
}

namespace {

void nothing(Sketch&) {}

void trigger_function(Sketch& s) {
  s.snapshot.functions[in_public(Kind::Function, "g")] = {
      .returns = "trigger",
      .language = "plpgsql",
      .body = Sketch::text("BEGIN RETURN NEW; END"),
      .create =
          "CREATE OR REPLACE FUNCTION public.g() RETURNS trigger LANGUAGE plpgsql AS "
          "$$BEGIN RETURN NEW; END$$",
      .grants = {{"", "EXECUTE"}}};
}
Trigger& trigger(Sketch& s, const std::string& when) {
  trigger_function(s);
  s.plain_table("t");
  Trigger& t = s.snapshot.triggers[child_id(Kind::Trigger, Sketch::table_named("t"), "tr")];
  t.definition = Sketch::text(when + " ON public.t FOR EACH ROW EXECUTE FUNCTION public.g()");
  return t;
}
Policy& policy(Sketch& s, const std::string& expression) {
  s.plain_table("t");
  s.table("t").row_security = true;
  Policy& p = s.snapshot.policies[child_id(Kind::Policy, Sketch::table_named("t"), "p")];
  if (!expression.empty()) p.using_expr = Sketch::text(expression);
  return p;
}
void secured_table(Sketch& s) {
  s.plain_table("t").table("t").row_security = true;
}

}  // namespace

std::vector<EmitCase> routine_cases() {
  return {
      {"function, create, private", nothing,
       [](Sketch& s) { sketch_function(s, "f", "select 1").grants = {}; },
       "CREATE OR REPLACE FUNCTION public.f(i integer) RETURNS integer LANGUAGE sql AS $$select "
       "1$$\n"
       "REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC\n"},
      {"function, body, owner and grants",
       [](Sketch& s) { sketch_function(s, "f", "select 1").owner = "postgres"; },
       [](Sketch& s) {
         Function& f = sketch_function(s, "f", "select 2");
         f.owner = "pg_monitor", f.grants = {{"pg_read_all_data", "EXECUTE", true}};
         f.comment = "x";
       },
       "CREATE OR REPLACE FUNCTION public.f(i integer) RETURNS integer LANGUAGE sql AS $$select "
       "2$$\n"
       "ALTER FUNCTION public.f(integer) OWNER TO pg_monitor\n"
       "REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC\n"
       "GRANT EXECUTE ON FUNCTION public.f(integer) TO pg_read_all_data WITH GRANT OPTION\n"
       "COMMENT ON FUNCTION public.f(integer) IS 'x'\n"},
      {"function, default added", [](Sketch& s) { sketch_function(s, "f", "select 1"); },
       [](Sketch& s) {
         Function& f = sketch_function(s, "f", "select 1");
         f.defaults = Sketch::text("1");
         f.create =
             "CREATE OR REPLACE FUNCTION public.f(i integer DEFAULT 1) RETURNS integer LANGUAGE "
             "sql AS $$select 1$$";
       },
       "CREATE OR REPLACE FUNCTION public.f(i integer DEFAULT 1) RETURNS integer LANGUAGE sql AS "
       "$$select 1$$\n"},
      {"function, default taken away",
       [](Sketch& s) { sketch_function(s, "f", "select 1").defaults = Sketch::text("f(1, 2)"); },
       [](Sketch& s) { sketch_function(s, "f", "select 1"); },
       "DROP FUNCTION public.f(integer)\n"
       "CREATE OR REPLACE FUNCTION public.f(i integer) RETURNS integer LANGUAGE sql AS $$select "
       "1$$\n"},
      {"function, another argument name", [](Sketch& s) { sketch_function(s, "f", "select 1"); },
       [](Sketch& s) {
         Function& f = sketch_function(s, "f", "select 1");
         f.arguments = "j integer", f.comment = "x";
         f.create.replace(f.create.find("(i"), 2, "(j");
       },
       "DROP FUNCTION public.f(integer)\n"
       "CREATE OR REPLACE FUNCTION public.f(j integer) RETURNS integer LANGUAGE sql AS $$select "
       "1$$\n"
       "COMMENT ON FUNCTION public.f(integer) IS 'x'\n"},
      {"procedure, drop",
       [](Sketch& s) {
         Function& f = sketch_function(s, "f", "select 1");
         f.procedure = true, f.returns.clear();
         f.create = "CREATE OR REPLACE PROCEDURE public.f(i integer) LANGUAGE sql AS $$select 1$$";
       },
       nothing, "DROP PROCEDURE public.f(integer)\n"},
      {"trigger, create", [](Sketch& s) { s.plain_table("t"), trigger_function(s); },
       [](Sketch& s) {
         trigger(s, "BEFORE INSERT").enabled = 'A', trigger(s, "BEFORE INSERT").comment = "x";
       },
       "CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.g()\n"
       "ALTER TABLE public.t ENABLE ALWAYS TRIGGER tr\n"
       "COMMENT ON TRIGGER tr ON public.t IS 'x'\n"},
      {"trigger, replace", [](Sketch& s) { trigger(s, "BEFORE INSERT").enabled = 'D'; },
       [](Sketch& s) { trigger(s, "BEFORE UPDATE").enabled = 'D'; },
       "CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION "
       "public.g()\n"
       "ALTER TABLE public.t DISABLE TRIGGER tr\n"},
      {"trigger, state", [](Sketch& s) { trigger(s, "BEFORE INSERT").enabled = 'D'; },
       [](Sketch& s) { trigger(s, "BEFORE INSERT"); }, "ALTER TABLE public.t ENABLE TRIGGER tr\n"},
      {"trigger, constraint trigger",
       [](Sketch& s) { trigger(s, "AFTER INSERT").constraint = true; },
       [](Sketch& s) {
         Trigger& t = trigger(s, "AFTER UPDATE");
         t.constraint = true, t.comment = "x", t.enabled = 'R';
       },
       "DROP TRIGGER tr ON public.t\n"
       "CREATE CONSTRAINT TRIGGER tr AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION "
       "public.g()\n"
       "ALTER TABLE public.t ENABLE REPLICA TRIGGER tr\n"
       "COMMENT ON TRIGGER tr ON public.t IS 'x'\n"},
      {"trigger, drop", [](Sketch& s) { trigger(s, "BEFORE INSERT"); },
       [](Sketch& s) { s.plain_table("t"), trigger_function(s); }, "DROP TRIGGER tr ON public.t\n"},
      {"policy, create", secured_table,
       [](Sketch& s) {
         Policy& p = policy(s, "a > 0");
         p.permissive = false, p.command = "UPDATE", p.roles = {"pg_monitor"};
         p.check_expr = Sketch::text("true"), p.comment = "x";
       },
       "CREATE POLICY p ON public.t AS RESTRICTIVE FOR UPDATE TO pg_monitor USING (a > 0) WITH "
       "CHECK (true)\n"
       "COMMENT ON POLICY p ON public.t IS 'x'\n"},
      {"policy, alter", [](Sketch& s) { policy(s, "a > 0").roles = {"pg_monitor"}; },
       [](Sketch& s) { policy(s, "a > 1").comment = "x"; },
       "ALTER POLICY p ON public.t TO PUBLIC USING (a > 1)\n"
       "COMMENT ON POLICY p ON public.t IS 'x'\n"},
      {"policy, check taken away",
       [](Sketch& s) { policy(s, "a > 0").check_expr = Sketch::text("a > 0"); },
       [](Sketch& s) { policy(s, "a > 0"); },
       "DROP POLICY p ON public.t\n"
       "CREATE POLICY p ON public.t USING (a > 0)\n"},
      {"policy, command", [](Sketch& s) { policy(s, "a > 0"); },
       [](Sketch& s) { policy(s, "a > 0").command = "SELECT"; },
       "DROP POLICY p ON public.t\n"
       "CREATE POLICY p ON public.t FOR SELECT USING (a > 0)\n"},
      {"policy, drop", [](Sketch& s) { policy(s, "a > 0"); }, secured_table,
       "DROP POLICY p ON public.t\n"},
  };
}

}  // namespace aloft
