#include "tests/planner/emit_code_cases.h"

namespace aloft {
namespace {

void nothing(Sketch&) {}

std::function<void(Sketch&)> mood(std::vector<std::string> labels) {
  return [labels](Sketch& s) {
    s.snapshot.enums[in_public(Kind::Enum, "mood")] = {.labels = labels, .grants = {{"", "USAGE"}}};
  };
}
/// mood in a column with a default, an array, a partial index and a check.
std::function<void(Sketch&)> used_mood(std::vector<std::string> labels) {
  return [labels](Sketch& s) {
    mood(labels)(s);
    s.plain_table("t");
    s.column("t", "m", "public.mood").default_value = Sketch::text("'a'::public.mood");
    s.column("t", "n", "public.mood[]");
    s.constraint("t", "c", Constraint::Type::Check, "CHECK ((m <> 'a'::public.mood))", {"m"});
    s.index("t", "t_m", "USING btree (m) WHERE (m = 'a'::public.mood)", {"m"});
  };
}

Domain& domain(Sketch& s) {
  Domain& d = s.snapshot.domains[in_public(Kind::Domain, "d")];
  d.type = "integer";
  d.grants = {{"", "USAGE"}};
  return d;
}
Domain& used_domain(Sketch& s) {
  s.plain_table("t");
  s.column("t", "d", "public.d").default_value = Sketch::text("3");
  return domain(s);
}
DomainConstraint check(const std::string& name, const std::string& text) {
  return {.name = name, .check = Sketch::text(text)};
}

std::function<void(Sketch&)> composite(std::vector<Attribute> attributes, bool used = false) {
  return [=](Sketch& s) {
    s.snapshot.composites[in_public(Kind::Composite, "ct")] = {.attributes = attributes,
                                                               .grants = {{"", "USAGE"}}};
    if (used) s.column("t", "c", "public.ct");
  };
}
const Attribute kA{.name = "a", .type = "integer"}, kB{.name = "b", .type = "text"},
    kLongA{.name = "a", .type = "bigint"},
    kC{.name = "c", .type = "text", .collation = "pg_catalog.\"C\"", .comment = "x"};

}  // namespace

std::vector<EmitCase> replacement_cases() {
  return {
      {"enum, take away, used", used_mood({"a", "b"}), used_mood({"a"}),
       "ALTER TYPE public.mood RENAME TO mood__old\n"
       "CREATE TYPE public.mood AS ENUM ('a')\n"
       "ALTER TABLE ONLY public.t ALTER COLUMN m DROP DEFAULT\n"
       "ALTER TABLE public.t DROP CONSTRAINT c\n"
       "DROP INDEX public.t_m\n"
       "ALTER TABLE public.t ALTER COLUMN m TYPE public.mood USING m::text::public.mood, ALTER "
       "COLUMN n TYPE public.mood[] USING n::text[]::public.mood[]\n"
       "ALTER TABLE ONLY public.t ALTER COLUMN m SET DEFAULT 'a'::public.mood\n"
       "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((m <> 'a'::public.mood))\n"
       "CREATE INDEX t_m ON public.t USING btree (m) WHERE (m = 'a'::public.mood)\n"
       "DROP TYPE public.mood__old\n"},
      {"domain, base type, used", [](Sketch& s) { used_domain(s); },
       [](Sketch& s) { used_domain(s).type = "text"; },
       "ALTER DOMAIN public.d RENAME TO d__old\n"
       "CREATE DOMAIN public.d AS text\n"
       "ALTER TABLE ONLY public.t ALTER COLUMN d DROP DEFAULT\n"
       "ALTER TABLE public.t ALTER COLUMN d TYPE public.d USING d::text::public.d\n"
       "ALTER TABLE ONLY public.t ALTER COLUMN d SET DEFAULT 3\n"
       "DROP DOMAIN public.d__old\n"},
  };
}

std::vector<EmitCase> type_cases() {
  return {
      {"enum, create", nothing, mood({"a", "b's"}),
       "CREATE TYPE public.mood AS ENUM ('a', 'b''s')\n"},
      {"enum, add labels", mood({"b", "d"}), mood({"a", "b", "c", "d", "e"}),
       "ALTER TYPE public.mood ADD VALUE 'a' BEFORE 'b'\n"
       "ALTER TYPE public.mood ADD VALUE 'c' AFTER 'b'\n"
       "ALTER TYPE public.mood ADD VALUE 'e' AFTER 'd'\n"},
      {"enum, first labels", mood({}), mood({"a", "b"}),
       "ALTER TYPE public.mood ADD VALUE 'a'\n"
       "ALTER TYPE public.mood ADD VALUE 'b' AFTER 'a'\n"},
      {"enum, take away, unused", mood({"a", "b"}), mood({"a"}),
       "DROP TYPE public.mood\n"
       "CREATE TYPE public.mood AS ENUM ('a')\n"},
      {"enum, drop", mood({"a"}), nothing, "DROP TYPE public.mood\n"},
      {"domain, create", nothing,
       [](Sketch& s) {
         Domain& d = domain(s);
         d.type = "text", d.collation = "pg_catalog.\"C\"", d.not_null = true;
         d.default_value = Sketch::text("'x'::text");
         d.constraints = {check("c", "VALUE <> ''::text"), check("e", "VALUE <> 'e'::text")};
         d.constraints[1].validated = false, d.constraints[0].comment = "why";
         d.grants = {};
       },
       "CREATE DOMAIN public.d AS text COLLATE pg_catalog.\"C\" DEFAULT 'x'::text NOT NULL "
       "CONSTRAINT c CHECK (VALUE <> ''::text)\n"
       "COMMENT ON CONSTRAINT c ON DOMAIN public.d IS 'why'\n"
       "ALTER DOMAIN public.d ADD CONSTRAINT e CHECK (VALUE <> 'e'::text) NOT VALID\n"
       "REVOKE USAGE ON TYPE public.d FROM PUBLIC\n"},
      {"domain, properties", [](Sketch& s) { domain(s).not_null = true; },
       [](Sketch& s) { domain(s).default_value = Sketch::text("1"), domain(s).comment = "x"; },
       "ALTER DOMAIN public.d SET DEFAULT 1\n"
       "ALTER DOMAIN public.d DROP NOT NULL\n"
       "COMMENT ON DOMAIN public.d IS 'x'\n"},
      {"domain, checks, used",
       [](Sketch& s) {
         used_domain(s).constraints = {check("a", "VALUE > 0"), check("b", "VALUE < 9"),
                                       check("g", "VALUE <> 5")};
       },
       [](Sketch& s) {
         used_domain(s).constraints = {check("a", "VALUE > 1"), check("new", "VALUE <> 7"),
                                       check("z", "VALUE < 9")};
       },
       "ALTER DOMAIN public.d RENAME CONSTRAINT b TO z\n"
       "ALTER DOMAIN public.d DROP CONSTRAINT g\n"
       "ALTER DOMAIN public.d ADD CONSTRAINT a__new CHECK (VALUE > 1) NOT VALID\n"
       "ALTER DOMAIN public.d VALIDATE CONSTRAINT a__new\n"
       "ALTER DOMAIN public.d DROP CONSTRAINT a\n"
       "ALTER DOMAIN public.d RENAME CONSTRAINT a__new TO a\n"
       "ALTER DOMAIN public.d ADD CONSTRAINT new CHECK (VALUE <> 7) NOT VALID\n"
       "ALTER DOMAIN public.d VALIDATE CONSTRAINT new\n"},
      {"domain, checks, unused",
       [](Sketch& s) { domain(s).constraints = {check("a", "VALUE > 0")}; },
       [](Sketch& s) { domain(s).constraints = {check("a", "VALUE > 1")}; },
       "ALTER DOMAIN public.d DROP CONSTRAINT a\n"
       "ALTER DOMAIN public.d ADD CONSTRAINT a CHECK (VALUE > 1)\n"},
      {"domain, not null, used", [](Sketch& s) { used_domain(s); },
       [](Sketch& s) { used_domain(s).not_null = true; }, "ALTER DOMAIN public.d SET NOT NULL\n"},
      {"domain, base type, unused", [](Sketch& s) { domain(s); },
       [](Sketch& s) { domain(s).type = "text"; },
       "DROP DOMAIN public.d\n"
       "CREATE DOMAIN public.d AS text\n"},
      {"composite, create", nothing, composite({kA, kC}),
       "CREATE TYPE public.ct AS (a integer, c text COLLATE pg_catalog.\"C\")\n"
       "COMMENT ON COLUMN public.ct.c IS 'x'\n"},
      {"composite, add and drop", composite({kA, kB}, true), composite({kB, kC}, true),
       "ALTER TYPE public.ct DROP ATTRIBUTE a, ADD ATTRIBUTE c text COLLATE pg_catalog.\"C\"\n"
       "COMMENT ON COLUMN public.ct.c IS 'x'\n"},
      {"composite, retype, unused", composite({kA, kB}), composite({kLongA, kB}),
       "ALTER TYPE public.ct ALTER ATTRIBUTE a TYPE bigint\n"},
      {"composite, retype, used", composite({kA, kB}, true), composite({kLongA, kB}, true),
       "ALTER TYPE public.ct DROP ATTRIBUTE a, DROP ATTRIBUTE b, ADD ATTRIBUTE a bigint, ADD "
       "ATTRIBUTE b text\n"},
      {"composite, order, unused", composite({kA, kB}), composite({kB, kA}),
       "DROP TYPE public.ct\n"
       "CREATE TYPE public.ct AS (b text, a integer)\n"},
      {"composite, order, used", composite({kA, kB}, true), composite({kB, kA}, true),
       "ALTER TYPE public.ct DROP ATTRIBUTE a, ADD ATTRIBUTE a integer\n"},
      {"composite, drop", composite({kA}), nothing, "DROP TYPE public.ct\n"},
  };
}

}  // namespace aloft
