#include "tests/random_schema.h"

#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace aloft::test {
namespace {

/// A type of column: what its rows hold (g counts them), what its default and its check may be, and
/// how it can be indexed. {} stands for the column.
struct Type {
  const char* name;
  const char* value;
  const char* constant;
  const char* computed;
  const char* check;
  const char* index;
};

constexpr Type kTypes[] = {
    {"text", "'v' || g", "'new'", "lower('NEW')", "{} <> ''", "{} text_pattern_ops"},
    {"integer", "g", "7", "1 + 2", "{} > '-5'::integer", "{} DESC"},
    {"bigint", "g", "7", "(1 + 2)::bigint", "{} BETWEEN -5 AND 100000", "{} NULLS FIRST"},
    {"smallint", "g", "7", "(3)::smallint", "{} IN (1, 2) OR {} > 0", "{} DESC NULLS LAST"},
    {"varchar(20)", "'v' || g", "'new'", "upper('new')", "length({}) < 200", "lower({})"},
    {"varchar(40)", "'v' || g", "'new'::varchar", "'a' || 'b'", "{} NOT LIKE 'x%'", "upper({})"},
    {"numeric(10,2)", "g", "1.5", "round(1.55, 1)", "{} >= 0", "({} + 1)"},
    {"numeric", "g", "1.50", "1.5 * 2", "NOT {} < 0", "{}"},
    {"double precision", "g", "0.5", "random()", "{} > 0 AND {} IS NOT NULL OR {} IS NULL", "{}"},
    {"boolean", "g % 2 = 0", "true", "(NOT true)", "{} OR NOT {}", "{}"},
    {"date", "date '2024-01-01' + g", "'2024-05-01'", "CURRENT_DATE", "{} > '2000-01-01'", "{}"},
    {"timestamptz", "timestamptz '2024-01-01 UTC' + g * interval '1 hour'",
     "'2024-05-01 00:00:00+00'", "now()", "{} > '2000-01-01 00:00:00+00'", "{} DESC"},
    {"timestamp(3)", "timestamp '2024-01-01' + g * interval '1 hour'", "'2024-05-01'",
     "CURRENT_TIMESTAMP", "{} IS NOT NULL OR {} IS NULL", "date_trunc('day', {})"},
    {"uuid", "md5(g::text)::uuid", "'00000000-0000-0000-0000-000000000001'", "gen_random_uuid()",
     "{} <> '00000000-0000-0000-0000-000000000000'", "{}"},
    {"jsonb", "jsonb_build_object('g', g)", "'{}'", "jsonb_build_array(1)", "{} IS NOT NULL",
     "({} ->> 'g')"},
    {"integer[]", "ARRAY[g]", "'{1,2}'", "ARRAY[1, 2]", "array_length({}, 1) < 9", "{}"},
    {"char(3)", "'ab'", "'xyz'", "'x'::char(3)", "{} <> 'no'", "{}"},
    {"interval", "g * interval '1 day'", "'1 day'", "'1 day'::interval * 2", "{} > '0'", "{}"},
    {"bytea", "decode(md5(g::text), 'hex')", "'\\x00'", "'a'::bytea", "length({}) < 99", "{}"},
    {"inet", "'10.0.0.1'::inet + g", "'10.0.0.1'", "'10.0.0.0'::inet + 1", "family({}) = 4", "{}"},
    {"app.mood", "'a'", "'a'", "'b'::app.mood", "{} <> 'b' OR {} = 'b'", "{}"},
    {"app.code", "'c' || g", "'new'", "lower('NEW')", "{} <> ''", "{}"},
    {"app.pair", "jsonb_populate_record(NULL::app.pair, jsonb_build_object('a', g))",
     "jsonb_populate_record(NULL::app.pair, '{\"a\": 1}')",
     "jsonb_populate_record(NULL::app.pair, jsonb_build_object('b', 'x'))", "({}).a < 1000",
     "(({}).a)"},
};

/// The types that a column may have, by its number: mostly such as can become each other.
const std::vector<int>& types_of(int column) {
  static const std::vector<std::vector<int>> types{
      {0, 4, 5, 16, 21}, {1, 2, 3, 6, 7, 8},
      {10, 11, 12},      {1, 2},
      {0, 4, 20, 21},    {9, 13, 14, 15, 17, 18, 19, 22}};
  return types[static_cast<std::size_t>(column)];
}

std::string with(const char* pattern, const std::string& column) {
  std::string text = pattern;
  for (std::size_t at = 0; (at = text.find("{}", at)) != std::string::npos; at += column.size())
    text.replace(at, 2, column);
  return text;
}

struct Column {
  std::string name{};
  const Type* type = nullptr;
};

/// What a table has become, for what stands on it.
struct Table {
  std::string name{};
  std::string id_type{};
  bool keyed = false;  ///< id is its primary key
  int rows = 0;
  std::vector<Column> columns{};
  std::string body{};             ///< between the parentheses of CREATE TABLE
  std::string names{}, values{};  ///< of its rows
};

class Maker {
 public:
  Maker(Choices& choose, int version) : choose_(choose), version_(version) {}

  RandomSchema make() {
    types();
    functions();
    for (int i = 0; i < 3; ++i)
      if (i == 0 || yes("t" + std::to_string(i) + " there", 85)) plain_table(i);
    if (yes("p there", 50)) partitioned_table();
    if (yes("child there", 15))
      say("CREATE TABLE public.child (extra integer) INHERITS (public.t0)");
    views();
    return std::move(out_);
  }

 private:
  int pick(const std::string& question, int answers) { return choose_(question, answers); }
  bool yes(const std::string& question, int percent) { return choose_.yes(question, percent); }
  /// One of the texts; the first is the plainest.
  std::string one(const std::string& question, const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(pick(question, static_cast<int>(texts.size())))];
  }
  void say(const std::string& statement) { out_.sql += statement + ";\n"; }
  /// Once the table is there.
  void say_late(const std::string& statement) { late_ += statement + ";\n"; }
  void say_all_late() { out_.sql += std::exchange(late_, ""); }

  void comment(const std::string& q, const std::string& what) {
    const std::string text = one(q + " comment", {"", "", "", "", "'one'", "'it''s \"two\"'"});
    if (!text.empty()) say_late("COMMENT ON " + what + " IS " + text);
  }
  void grants(const std::string& q, const std::string& what, const std::string& few) {
    const std::string rights = one(q + " grants", {"", "", "", "", few, "ALL"});
    const bool option = yes(q + " grant option", 15);
    if (!rights.empty())
      say_late("GRANT " + rights + " ON " + what + " TO aloft_reader" +
               (option ? " WITH GRANT OPTION" : ""));
  }

  void types() {
    say("CREATE SCHEMA app");
    say("CREATE TYPE app.mood AS ENUM (" +
        one("mood", {"'a', 'b'", "'a', 'b', 'c'", "'a', 'x', 'b'", "'z', 'a', 'b', 'c'"}) + ")");
    comment("mood", "TYPE app.mood");
    say("CREATE DOMAIN app.code AS text" +
        one("code", {"", " CHECK (VALUE <> '')", " DEFAULT 'd'",
                     " CONSTRAINT short CHECK (length(VALUE) < 50)", " DEFAULT 'd' NOT NULL"}));
    say("CREATE TYPE app.pair AS (a integer, b text" + one("pair", {"", ", c date"}) + ")");
    say("CREATE SEQUENCE app.numbers" +
        one("numbers", {"", " INCREMENT 5", " START 100 CACHE 10", " AS integer", " CYCLE"}));
    grants("numbers", "SEQUENCE app.numbers", "USAGE");
    grants("app", "SCHEMA app", "USAGE");
  }

  void functions() {
    say("CREATE FUNCTION app.twice(n integer) RETURNS integer LANGUAGE sql " +
        one("twice how", {"IMMUTABLE", "IMMUTABLE STRICT", "IMMUTABLE PARALLEL SAFE"}) + " " +
        one("twice", {"AS 'SELECT n * 2'", "AS 'SELECT n + n'", "RETURN n * 2"}));
    grants("twice", "FUNCTION app.twice(integer)", "EXECUTE");
    comment("twice", "FUNCTION app.twice(integer)");
    say("CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;" +
        one("touch", {"", " -- as it is"}) + "\nEND $$");
    say_all_late();
  }

  /// The column's clause; whether its rows get a value.
  std::pair<std::string, bool> column(const Table& t, const std::string& q, const Column& c) {
    const int kind = pick(q + " default", 8);
    const bool is_integer = c.type == &kTypes[1], is_bigint = c.type == &kTypes[2];
    std::string text = c.name + " " + c.type->name;
    if (c.type == &kTypes[0]) text += one(q + " collation", {"", "", "", " COLLATE \"C\""});
    const bool generated = kind == 7 && is_integer;
    if (generated)
      text += " GENERATED ALWAYS AS (id::integer * 2) STORED";
    else if (kind == 7 && is_bigint)
      text += " DEFAULT nextval('app.numbers')";
    else if (kind >= 6)
      text += std::string(" DEFAULT ") + c.type->computed;
    else if (kind >= 4)
      text += std::string(" DEFAULT ") + c.type->constant;
    // A new column without a value for the rows that are there could not be NOT NULL.
    if (yes(q + " not null", 30) && (kind >= 4 || t.rows == 0)) text += " NOT NULL";
    const std::string alter = "ALTER TABLE " + t.name + " ALTER " + c.name;
    if (yes(q + " storage", 8) && c.type == &kTypes[0]) say_late(alter + " SET STORAGE EXTERNAL");
    if (yes(q + " statistics", 8)) say_late(alter + " SET STATISTICS 300");
    if (yes(q + " granted", 5))
      say_late("GRANT SELECT (" + c.name + ") ON " + t.name + " TO aloft_reader");
    comment(q, "COLUMN " + t.name + "." + c.name);
    return {text, !generated};
  }

  void columns(Table& t, const std::string& key, int most) {
    for (int i = 0; i < most; ++i) {
      const std::string q = key + " c" + std::to_string(i);
      if (!yes(q + " there", 60)) continue;
      const auto& types = types_of(i);
      const int type =
          types[static_cast<std::size_t>(pick(q + " type", static_cast<int>(types.size())))];
      const Column c{"c" + std::to_string(i), &kTypes[type]};
      const auto [clause, filled] = column(t, q, c);
      t.body += ",\n  " + clause;
      if (filled) t.names += ", " + c.name;
      if (filled) t.values += std::string(", ") + c.type->value;
      t.columns.push_back(c);
    }
  }

  void constraint(Table& t, const std::string& name, const std::string& definition) {
    t.body += ",\n  " + (name.empty() ? "" : "CONSTRAINT " + name + " ") + definition;
  }
  std::string add(const Table& t, const std::string& name, const std::string& definition) {
    return "ALTER TABLE " + t.name + " ADD " + (name.empty() ? "" : "CONSTRAINT " + name + " ") +
           definition;
  }
  std::string name_or_none(const std::string& q, const std::string& name) {
    return yes(q + " unnamed", 30) ? "" : name;
  }

  void constraints(Table& t, const std::string& key) {
    if (t.keyed) constraint(t, name_or_none(key + " key", key + "_key"), "PRIMARY KEY (id)");
    for (const Column& c : t.columns) {
      const std::string q = key + " " + c.name + " check";
      if (!yes(q, 15)) continue;
      const std::string name = key + "_" + c.name + "_ok", said = name_or_none(q, name),
                        check = "CHECK (" + with(c.type->check, c.name) + ")";
      if (yes(q + " not valid", 20))
        say_late(add(t, said, check) + " NOT VALID");
      else
        constraint(t, said, check);
    }
    if (t.columns.empty() || !yes(key + " unique", 30)) return;
    const std::string second = t.columns.front().name;
    std::vector<std::string> forms{"UNIQUE (id, " + second + ")", "UNIQUE (id) DEFERRABLE",
                                   "UNIQUE (id) INCLUDE (" + second + ")",
                                   "UNIQUE (" + second + ", id) WITH (fillfactor=80)",
                                   "EXCLUDE USING btree (id WITH =)"};
    forms.push_back(version_ >= 15 ? "UNIQUE NULLS NOT DISTINCT (id, " + second + ")" : forms[0]);
    const std::string form = one(key + " unique form", forms);
    constraint(t, name_or_none(key + " unique", key + "_unique"), form);
  }

  void references(Table& t, const std::string& key, int number) {
    for (int i = 0; i < static_cast<int>(tables_.size()); ++i) {
      const Table& to = tables_[static_cast<std::size_t>(i)];
      const std::string q = key + " to " + to.name;
      if (!to.keyed || i == number || !yes(q, 40)) continue;
      const std::string column = "ref" + std::to_string(i);
      t.body += ",\n  " + column + " " + to.id_type;
      t.names += ", " + column;
      t.values += to.rows == 0 ? ", NULL" : ", 1 + g % " + std::to_string(to.rows);
      const std::string definition =
          "FOREIGN KEY (" + column + ") REFERENCES " + to.name +
          one(q + " action", {"", " ON DELETE CASCADE", " ON DELETE SET NULL",
                              " ON UPDATE CASCADE ON DELETE RESTRICT", " DEFERRABLE",
                              " DEFERRABLE INITIALLY DEFERRED"});
      const std::string name = key + "_" + column, said = name_or_none(q, name);
      if (number >= 0 && yes(q + " not valid", 15))
        say_late(add(t, said, definition) + " NOT VALID");
      else
        constraint(t, said, definition);
    }
  }

  void indexes(const Table& t, const std::string& key) {
    for (const Column& c : t.columns) {
      const std::string q = key + " " + c.name + " index";
      if (!yes(q, 25)) continue;
      const std::string name = key + "_" + c.name + "_i", plain = "(" + c.name + ")";
      const bool json = c.type->name == std::string_view("jsonb");
      const bool pair = c.type->name == std::string_view("app.pair");
      const std::string text =
          one(q + " form",
              {plain, "(" + with(c.type->index, c.name) + ")", "(id, " + c.name + ")",
               plain + " WHERE id > 5", plain + " INCLUDE (id)", plain + " WITH (fillfactor=60)",
               json   ? "USING gin " + plain
               : pair ? plain
                      : "USING hash " + plain,
               "(app.twice(id::integer), " + c.name + ")", "USING brin (id)"});
      const bool unique = yes(q + " unique", 15) && text == "(id, " + c.name + ")";
      const std::string on = " ON " + t.name + " " + text;
      if (yes(q + " unnamed", 20)) {
        say(std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX" + on);
      } else {
        say(std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX " + name + on);
        comment(q, "INDEX " + t.name.substr(0, t.name.find('.') + 1) + name);
      }
    }
  }

  void around(const Table& t, const std::string& key) {
    comment(key, "TABLE " + t.name);
    grants(key, "TABLE " + t.name, "SELECT, INSERT");
    if (yes(key + " security", 15)) say("ALTER TABLE " + t.name + " ENABLE ROW LEVEL SECURITY");
    if (yes(key + " policy", 15))
      say("CREATE POLICY own ON " + t.name +
          one(key + " policy form",
              {" USING (true)", " FOR SELECT TO aloft_reader USING (id > 3)",
               " AS RESTRICTIVE USING (id > 3) WITH CHECK (id < 1000)",
               " USING (id IN (SELECT x.id FROM public.t0 x WHERE x.id < 100))"}));
    if (yes(key + " trigger", 20))
      say("CREATE TRIGGER touch " +
          one(key + " trigger form", {"BEFORE INSERT ON " + t.name + " FOR EACH ROW",
                                      "AFTER INSERT OR DELETE ON " + t.name + " FOR EACH ROW",
                                      "BEFORE UPDATE OF id ON " + t.name +
                                          " FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id)",
                                      "AFTER UPDATE ON " + t.name + " FOR EACH STATEMENT"}) +
          " EXECUTE FUNCTION app.touch()");
    if (yes(key + " identity full", 8)) say("ALTER TABLE " + t.name + " REPLICA IDENTITY FULL");
  }

  void plain_table(int number) {
    const std::string key = "t" + std::to_string(number);
    Table t{.name = (number == 2 ? "app." : "public.") + key};
    t.rows = std::vector<int>{12, 1, 0}[static_cast<std::size_t>(pick(key + " rows", 3))];
    t.id_type = one(key + " id type", {"bigint", "bigint", "integer"});
    t.keyed = !yes(key + " no key", 20);
    t.body = "  id " + t.id_type +
             one(key + " identity",
                 {"", "", " GENERATED ALWAYS AS IDENTITY", " GENERATED BY DEFAULT AS IDENTITY",
                  " GENERATED BY DEFAULT AS IDENTITY (START 1000)"}) +
             " NOT NULL";
    t.names = "id";
    t.values = "g";
    columns(t, key, 6);
    constraints(t, key);
    references(t, key, number);
    say("CREATE TABLE " + t.name + " (\n" + t.body + "\n)" +
        one(key + " fill", {"", "", "", " WITH (fillfactor=70)"}));
    say_all_late();
    indexes(t, key);
    around(t, key);
    say_all_late();
    if (t.rows > 0)
      out_.rows += "INSERT INTO " + t.name + " (" + t.names + ") OVERRIDING SYSTEM VALUE SELECT " +
                   t.values + " FROM generate_series(1, " + std::to_string(t.rows) + ") g;\n";
    tables_.push_back(std::move(t));
  }

  void partitioned_table() {
    Table t{.name = "public.p",
            .id_type = "integer",
            .rows = 12,
            .body = "  id integer NOT NULL",
            .names = "id",
            .values = "g"};
    columns(t, "p", 3);
    t.keyed = yes("p key", 50);
    if (t.keyed) constraint(t, name_or_none("p key", "p_key"), "PRIMARY KEY (id)");
    references(t, "p", -1);
    say("CREATE TABLE public.p (\n" + t.body + "\n) PARTITION BY RANGE (id)");
    say("CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (100)");
    if (yes("p2 there", 60))
      say("CREATE TABLE public.p2 PARTITION OF public.p FOR VALUES FROM (100) TO (200)" +
          one("p2 by", {"", " PARTITION BY LIST (id)"}));
    if (yes("p default there", 30)) say("CREATE TABLE public.p_rest PARTITION OF public.p DEFAULT");
    say_all_late();
    for (const Column& c : t.columns)
      if (yes("p " + c.name + " index", 25))
        say("CREATE INDEX p_" + c.name + "_i ON public.p (" +
            one("p " + c.name + " index form", {c.name, "id, " + c.name}) + ")");
    around(t, "p");
    say_all_late();
    out_.rows += "INSERT INTO public.p (" + t.names + ") SELECT " + t.values +
                 " FROM generate_series(1, 12) g;\n";
  }

  std::string list_of(const Table& t, const std::string& q, const std::string& alias) {
    std::string list = alias + "id";
    for (const Column& c : t.columns)
      if (yes(q + " " + c.name, 40)) list += ", " + alias + c.name;
    return list;
  }

  void views() {
    const Table& t = tables_.front();
    if (yes("v there", 50)) {
      say("CREATE VIEW public.v" + one("v options", {"", "", " WITH (security_barrier)"}) +
          " AS SELECT " + list_of(t, "v", "") + " FROM " + t.name +
          one("v where", {"", " WHERE id > 0", " WHERE id IN (1, 2, 3)"}));
      comment("v", "VIEW public.v");
      grants("v", "public.v", "SELECT");
      if (yes("w there", 40))
        say("CREATE VIEW app.w AS SELECT " +
            one("w", {"id FROM public.v", "v.id AS number FROM public.v WHERE v.id > 2",
                      "x.id, count(*) AS n FROM public.v x GROUP BY x.id ORDER BY 2 DESC"}));
    }
    if (yes("m there", 25)) {
      say("CREATE MATERIALIZED VIEW public.m AS SELECT " + list_of(t, "m", "a.") + " FROM " +
          t.name + " a" +
          one("m join", {"", " LEFT JOIN " + tables_.back().name + " b USING (id)"}));
      if (yes("m index", 50)) say("CREATE UNIQUE INDEX m_i ON public.m (id)");
      comment("m", "MATERIALIZED VIEW public.m");
    }
    say_all_late();
  }

  Choices& choose_;
  int version_;
  RandomSchema out_{};
  std::string late_{};
  std::vector<Table> tables_{};
};

}  // namespace

int Choices::operator()(const std::string& question, int answers) {
  const auto [it, first] = answers_.emplace(question, 0);
  if (first) it->second = draw_(question, answers);
  // Another number of answers than when it was drawn: the question depends on others.
  return it->second % answers;
}

RandomSchema make_schema(Choices& choose, int version) {
  return Maker(choose, version).make();
}

}  // namespace aloft::test
