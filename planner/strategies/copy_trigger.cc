#include "planner/strategies/copy_trigger.h"

#include <fmt/format.h>

#include "engine/plan/batch_text.h"
#include "planner/emit/access.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

// A row that went. Where the snapshot is the transaction's, the copy may have been made after it
// and be out of sight: then an INSERT of the same key is an error of serialization, and not a copy
// that outlives its row.
constexpr std::string_view kGone = R"(
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND {key_differs}) THEN
    DELETE FROM {to} AS c WHERE {copy_of_old}
      AND NOT EXISTS (SELECT FROM {rows} AS o WHERE {row_of_old});
    IF NOT FOUND AND pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
      INSERT INTO {to} ({columns}) SELECT {old_values}
        WHERE NOT EXISTS (SELECT FROM {rows} AS o WHERE {row_of_old})
        ON CONFLICT DO NOTHING;
      DELETE FROM {to} AS c WHERE {copy_of_old}
        AND NOT EXISTS (SELECT FROM {rows} AS o WHERE {row_of_old});
    END IF;
  END IF;)";

// What refers to the one table has been emptied with it, but TRUNCATE looks at the foreign key
// alone (0A000). A row that is out of the snapshot's sight would stay: then it is to be tried
// again.
constexpr std::string_view kEmptied = R"(
  IF TG_OP = 'TRUNCATE' THEN
    BEGIN
      TRUNCATE {to};
    EXCEPTION WHEN feature_not_supported THEN
      IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE serialization_failure USING MESSAGE = 'a foreign key refers to the copy of the table';
      END IF;
      DELETE FROM {to};
    END;
    RETURN NULL;
  END IF;)";

constexpr std::string_view kEmptiedAlone = R"(
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE {to};
    RETURN NULL;
  END IF;)";

// Not by DO UPDATE: that locks a row as if each column it names were changed, a key's too, and who
// refers to the row would wait for it. UPDATE goes by the values.
constexpr std::string_view kThere = R"(
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO {to} ({columns})
      SELECT {row_values} FROM {rows} AS o WHERE {row_of_new}
      ON CONFLICT ({key}) DO NOTHING;
    IF NOT FOUND THEN
      UPDATE {to} AS c SET ({columns}) = ROW({row_values})
        FROM {rows} AS o WHERE {row_of_new} AND {copy_of_new};
    END IF;
  END IF;)";

// The same where the primary key of `to` is narrower: what has it and is no row any more goes
// first, as its own event may come later; two rows that are one by it are an error.
constexpr std::string_view kThereByKey = R"(
  IF TG_OP <> 'DELETE' THEN
    UPDATE {to} AS c SET ({columns}) = ROW({row_values})
      FROM {rows} AS o WHERE {row_of_new} AND {copy_of_new};
    IF NOT FOUND THEN
      DELETE FROM {to} AS c WHERE {narrow_of_new}
        AND NOT EXISTS (SELECT FROM {rows} AS o WHERE {row_of_copy});
      INSERT INTO {to} ({columns}) SELECT {row_values} FROM {rows} AS o WHERE {row_of_new};
    END IF;
  END IF;)";

}  // namespace

Sql CopyTrigger::rows_of_from() const {
  return sql("{}{}", Sql{from_tree ? "" : "ONLY "}, qualified(from));
}

Sql CopyTrigger::same(const std::vector<std::string>& key, const std::string& row,
                      const std::string& other) {
  std::vector<std::string> parts;
  for (const std::string& column : key)
    parts.push_back(row + "." + quote_ident(column) + " = " + other + "." + quote_ident(column));
  return Sql{joined(parts, " AND ")};
}

Sql CopyTrigger::columns_of(const std::string& row) const {
  std::vector<std::string> parts;
  for (const std::string& column : columns) parts.push_back(row + "." + quote_ident(column));
  return Sql{joined(parts, ", ")};
}

Sql CopyTrigger::body() const {
  std::vector<std::string> old_key, new_key;
  for (const std::string& column : key) {
    old_key.push_back("OLD." + quote_ident(column));
    new_key.push_back("NEW." + quote_ident(column));
  }
  using fmt::arg;
  // By the stored image: a type's own equality may pass over a difference (citext).
  const std::string key_differs = "ROW(" + joined(old_key, ", ") +
                                  ")::record OPERATOR(pg_catalog.*<>) ROW(" +
                                  joined(new_key, ", ") + ")::record";
  const std::string to_name = to_sql(qualified(to)), rows = rows_of_from().text,
                    copy_of_old = same_key("c", "OLD").text, row_of_old = same_key("o", "OLD").text,
                    row_of_new = same_key("o", "NEW").text, copy_of_new = same_key("c", "NEW").text,
                    narrow_of_new = same(narrow_key, "c", "NEW").text,
                    row_of_copy = same_key("o", "c").text, old_values = columns_of("OLD").text,
                    row_values = columns_of("o").text, list = ident_list(columns).text,
                    key_list = ident_list(key).text;
  const auto filled = [&](std::string_view text) {
    return fmt::format(fmt::runtime(text), arg("to", to_name), arg("rows", rows),
                       arg("columns", list), arg("key", key_list), arg("key_differs", key_differs),
                       arg("copy_of_old", copy_of_old), arg("row_of_old", row_of_old),
                       arg("row_of_new", row_of_new), arg("copy_of_new", copy_of_new),
                       arg("narrow_of_new", narrow_of_new), arg("row_of_copy", row_of_copy),
                       arg("old_values", old_values), arg("row_values", row_values));
  };
  return Sql{"\n#variable_conflict use_column\nBEGIN" +
             filled(referred ? kEmptied : kEmptiedAlone) + filled(kGone) +
             filled(narrow_key.empty() ? kThere : kThereByKey) + "\n  RETURN NULL;\nEND\n"};
}

std::vector<Sql> CopyTrigger::create_sql(const PlanContext& ctx) const {
  const QualifiedName function{"aloft", name}, table = qualified(from);
  const std::string path = ctx.search_path.empty() ? "''" : ctx.search_path;
  std::vector<Sql> statements{
      // Whoever may write the one table need not have been granted the other.
      sql("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path ="
          " {} AS {}",
          function, Sql{path}, Sql{quoted_body(body().text)}),
      sql("CREATE TRIGGER {} AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION"
          " {}()",
          Ident{row_trigger()}, table, function),
      sql("CREATE TRIGGER {} AFTER TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION {}()",
          Ident{truncate_trigger()}, table, function),
      sql("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}, ENABLE ALWAYS TRIGGER {}", table,
          Ident{row_trigger()}, Ident{truncate_trigger()})};
  // Checks and expressions of the copy are the owner's to write, and run with the owner's rights.
  // To give the function away takes a superuser, or CREATE on schema aloft for the owner.
  const std::string& owner = ctx.live.tables.at(from).owner;
  if (ctx.facts.superuser && owner_to_set(owner, ctx))
    statements.push_back(sql("ALTER FUNCTION {}() OWNER TO {}", function, role_sql(owner)));
  return statements;
}

std::vector<Sql> CopyTrigger::drop_sql() const {
  return {sql("DROP TRIGGER IF EXISTS {} ON {}", Ident{row_trigger()}, qualified(from)),
          sql("DROP TRIGGER IF EXISTS {} ON {}", Ident{truncate_trigger()}, qualified(from)),
          sql("DROP FUNCTION IF EXISTS {}()", QualifiedName{"aloft", name})};
}

Sql CopyTrigger::is_on() const {
  return sql(
      "SELECT count(*) = 2 FROM pg_catalog.pg_trigger WHERE tgrelid = {}::pg_catalog.regclass AND "
      "tgname IN ({}, {}) AND tgenabled = 'A'",
      Literal{to_sql(qualified(from))}, Literal{row_trigger()}, Literal{truncate_trigger()});
}

std::vector<ObjectId> CopyTrigger::objects() const {
  return {child_id(Kind::Trigger, from, row_trigger()),
          child_id(Kind::Trigger, from, truncate_trigger())};
}

Agreement CopyTrigger::agreement() const {
  const std::string row = quote_ident(from.name), copy = "aloft_copy";
  return {.trigger = child_id(Kind::Trigger, from, row_trigger()),
          .what = "its rows and those of " + quote_ident(to.name),
          .condition =
              sql("EXISTS (SELECT FROM {} AS {} WHERE {} AND ROW({})::record"
                  " OPERATOR(pg_catalog.*=) ROW({})::record)",
                  qualified(to), Sql{copy}, same_key(copy, row), columns_of(copy), columns_of(row))
                  .text};
}

Sql CopyTrigger::copy_sql() const {
  return sql(
      "WITH these AS MATERIALIZED (SELECT {} FROM {} AS o WHERE true {} FOR {}) INSERT "
      "INTO {} ({}) SELECT {} FROM these ON CONFLICT ({}) DO NOTHING",
      columns_of("o"), rows_of_from(), Sql{std::string(kBlocksGoHere)},
      Sql{key_is_of_from ? "KEY SHARE" : "SHARE"}, qualified(to), ident_list(columns),
      ident_list(columns), ident_list(key));
}

Sql CopyTrigger::differ_sql() const {
  const Ident first{key.front()};
  return sql(
      "EXISTS (SELECT FROM (SELECT * FROM {}) AS a FULL JOIN (SELECT * FROM {}) AS b ON "
      "{} WHERE a.{} IS NULL OR b.{} IS NULL OR ROW({})::record OPERATOR(pg_catalog.*<>) "
      "ROW({})::record)",
      rows_of_from(), qualified(to), same_key("a", "b"), first, first, columns_of("a"),
      columns_of("b"));
}

}  // namespace aloft
