#include "planner/strategies/upsert_guard.h"

#include <algorithm>

#include "planner/emit/key_index.h"
#include "planner/locks.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

/// What ON CONFLICT can go by: columns, of the rows for which `predicate` is true (empty: of all).
struct Arbiter {
  std::vector<std::string> columns{};  ///< none: it cannot, or by more than columns
  std::string predicate{};
  std::vector<std::string> decided_by{};  ///< all columns that have a say
};

/// Has PostgreSQL itself an equality and a hash function for it? Its own types are printed without
/// a schema.
bool is_known(const std::string& type, const Snapshot& side) {
  constexpr std::string_view kNoHash[] = {"bit", "money", "tsvector", "tsquery"};
  if (type.find('.') == std::string::npos)
    return std::ranges::none_of(kNoHash, [&](std::string_view no) { return type.starts_with(no); });
  const auto is_it = [&](const auto& object) { return to_sql(qualified(object.first)) == type; };
  if (std::ranges::any_of(side.enums, is_it)) return true;
  const auto domain = std::ranges::find_if(side.domains, is_it);
  return domain != side.domains.end() && is_known(domain->second.type, side);
}

bool is_unique(const ObjectId& id, const Snapshot& side) {
  if (const Constraint* key = side.find<Constraint>(id))
    return is_unique_key(*key) && !key->deferrable;
  const Index* index = side.find<Index>(id);
  return index != nullptr && index->unique;
}

std::vector<std::string> columns_of(const ObjectId& id, const Snapshot& side) {
  if (const Constraint* key = side.find<Constraint>(id)) return key->columns;
  const Index* index = side.find<Index>(id);
  return index != nullptr ? index->columns : std::vector<std::string>{};
}

/// A generated column has no value yet when BEFORE triggers fire, and the operators of other types
/// may not be in the search path of the function.
bool is_beyond(const Arbiter& found, const ObjectId& table, const Snapshot& side) {
  return std::ranges::any_of(found.decided_by, [&](const std::string& name) {
    const Column* column = side.find<Column>(child_id(Kind::Column, table, name));
    return column == nullptr || column->generated != ' ' ||
           (!found.predicate.empty() && !is_known(column->type, side));
  });
}

Arbiter arbiter(const ObjectId& id, const Snapshot& side) {
  Arbiter found;
  if (!is_unique(id, side)) return found;
  found.decided_by = columns_of(id, side);
  if (const Index* index = side.find<Index>(id)) {
    found.columns = index->key_columns;
    found.predicate = index->predicate;
  } else {
    found.columns = found.decided_by;
  }
  return is_beyond(found, relation_of(id), side) ? Arbiter{} : found;
}

/// The pattern for each column, whose name stands for "@", with `between` between them.
std::string each(const std::vector<std::string>& columns, const std::string& pattern,
                 const std::string& between) {
  std::string all;
  for (const std::string& name : columns) {
    if (!all.empty()) all += between;
    for (const char c : pattern) c == '@' ? all += quote_ident(name) : all += c;
  }
  return all;
}

/// A row that is there needs no turn if it stays, which goes on at once. An upsert that may update
/// locks it anyway. For others FOR KEY SHARE waits for who deletes it, and is given up again. In
/// the levels above READ COMMITTED either could fail.
std::string look(const std::string& row) {
  return "  IF aloft_look AND aloft_updates THEN\n    SELECT true INTO aloft_there FROM " + row +
         " FOR NO KEY UPDATE;\n  ELSIF aloft_look THEN\n"
         "    SELECT x.xmax = '0' INTO aloft_there FROM " +
         row +
         ";\n    IF NOT aloft_there THEN\n      BEGIN\n        SELECT true INTO aloft_there FROM " +
         row +
         " FOR KEY SHARE;\n        RAISE SQLSTATE 'ALOFT';\n      EXCEPTION WHEN SQLSTATE 'ALOFT' "
         "THEN NULL;\n      END;\n    END IF;\n  END IF;\n";
}

bool names_any(const std::vector<std::string>& names, const std::vector<ObjectId>& columns) {
  return std::ranges::any_of(columns, [&](const ObjectId& column) {
    return std::ranges::find(names, column.name) != names.end();
  });
}

}  // namespace

UpsertGuard::UpsertGuard(const ObjectId& column, const std::vector<ObjectId>& keys,
                         const Snapshot& side)
    : column_(column), table_(relation_of(column)), mark_(run_mark(column)) {
  for (const ObjectId& id : keys) {
    const Arbiter found = arbiter(id, side);
    Key key{.columns = found.columns, .predicate = found.predicate, .decided_by = found.decided_by};
    for (const std::string& name : key.columns)
      key.known_types &= is_known(side.columns.at(child_id(Kind::Column, table_, name)).type, side);
    if (!key.columns.empty()) keys_.push_back(std::move(key));
  }
}

std::string UpsertGuard::body_of(const Key& key) const {
  const std::string row = to_sql(qualified(table_)) + " AS x WHERE " +
                          each(key.columns, "x.@ = NEW.@", " AND ") +
                          (key.predicate.empty() ? "" : " AND (" + key.predicate + ")");
  const std::string counts =
      key.predicate.empty() ? "" : " AND (SELECT " + key.predicate + " FROM (SELECT NEW.*) AS x)";
  const std::string fields = "ROW(" + each(key.columns, "NEW.@", ", ") + ")";
  // Apart from other tables and keys.
  const std::string seed = std::to_string(std::stoll(mark_, nullptr, 16) + (&key - keys_.data()));
  const std::string number = key.known_types
                                 ? "hash_record_extended(" + fields + ", " + seed + ")"
                                 : "hashtextextended(" + fields + "::text, " + seed + ")";
  std::string text = "  aloft_there := NULL;\n";
  if (key.known_types) text += look(row);
  return text + "  IF aloft_there IS NULL AND " + each(key.columns, "NEW.@ IS NOT NULL", " AND ") +
         counts + " THEN\n    INSERT INTO aloft.turn VALUES (" + number +
         ") RETURNING ctid INTO aloft_mine;\n    DELETE FROM aloft.turn WHERE ctid = "
         "aloft_mine;\n  END IF;\n";
}

std::string UpsertGuard::body() const {
  std::string text =
      "\n#variable_conflict use_column\nDECLARE\n"
      "  aloft_look boolean := TG_OP = 'INSERT'\n"
      "    AND current_setting('transaction_isolation') = 'read committed';\n"
      "  aloft_updates boolean := current_setting('aloft.writes', true) = 'UPDATE';\n"
      "  aloft_there boolean;\n  aloft_mine tid;\nBEGIN\n";
  for (const Key& key : keys_) text += body_of(key);
  return text + "  RETURN NEW;\nEND\n";
}

Sql UpsertGuard::replace_sql() const {
  return sql(
      "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET "
      "search_path = pg_catalog, pg_temp AS {}",
      QualifiedName{"aloft", turn_name()}, Sql{quoted_body(body())});
}

std::vector<Sql> UpsertGuard::create_sql() const {
  if (empty()) return {};
  const QualifiedName table = qualified(table_), writes{"aloft", writes_name()},
                      turn{"aloft", turn_name()};
  std::vector<std::string> columns;
  for (const Key& key : keys_)
    for (const std::string& name : key.decided_by)
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
  std::vector<Sql> statements{
      replace_sql(),
      // Of an upsert that may update both kinds of statement triggers fire, UPDATE's last.
      sql("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS {}", writes,
          Sql{quoted_body("\nBEGIN\n  PERFORM pg_catalog.set_config('aloft.writes', TG_OP, true);\n"
                          "  RETURN NULL;\nEND\n")}),
      sql("CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION "
          "{}()",
          Ident{trigger_name(writes_name())}, table, writes),
      sql("CREATE TRIGGER {} BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION {}()",
          Ident{trigger_name(turn_name())}, table, turn),
      sql("CREATE TRIGGER {} BEFORE UPDATE ON {} FOR EACH ROW WHEN ({}) EXECUTE FUNCTION {}()",
          Ident{trigger_name(turn_name() + "_key")}, table,
          Sql{"ROW(" + each(columns, "NEW.@", ", ") + ")::record OPERATOR(pg_catalog.*<>) ROW(" +
              each(columns, "OLD.@", ", ") + ")::record"},
          turn)};
  for (const ObjectId& trigger : triggers())
    statements.push_back(
        sql("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}", table, Ident{trigger.name}));
  return statements;
}

std::vector<Sql> UpsertGuard::drop_sql() const {
  if (empty()) return {};
  std::vector<Sql> statements;
  for (const ObjectId& trigger : triggers())
    statements.push_back(
        sql("DROP TRIGGER IF EXISTS {} ON {}", Ident{trigger.name}, qualified(table_)));
  for (const std::string& name : {turn_name(), writes_name()})
    statements.push_back(sql("DROP FUNCTION IF EXISTS {}()", QualifiedName{"aloft", name}));
  return statements;
}

std::vector<ObjectId> UpsertGuard::triggers() const {
  if (empty()) return {};
  std::vector<ObjectId> ids;
  for (const std::string& name : {writes_name(), turn_name(), turn_name() + "_key"})
    ids.push_back(child_id(Kind::Trigger, table_, trigger_name(name)));
  return ids;
}

Step UpsertGuard::step(const PlanContext& ctx) const {
  Step step = catalog_step(
      ctx, column_, create_sql(), on_tree(ctx, table_, LockLevel::ShareRowExclusive),
      "From here on who writes a new key waits for others that write it: of two upserts (ON "
      "CONFLICT) of one key that meet, the twin of its index would make one fail.");
  step.phase = Phase::Backfill;
  step.prelude = true;
  step.scaffold = triggers();
  std::vector<Sql> undo{lock_exclusive({table_})};
  append(undo, drop_sql());
  set_undo(step, undo);
  return step;
}

std::vector<ObjectId> unique_over(const std::vector<ObjectId>& columns, const Snapshot& side) {
  const ObjectId table = relation_of(columns.front());
  std::vector<ObjectId> found;
  const auto look = [&](const ObjectId& id, const auto&) {
    if (names_any(arbiter(id, side).columns, columns)) found.push_back(id);
  };
  for_each_child<Constraint>(side, table, look);
  for_each_child<Index>(side, table, look);
  return found;
}

bool is_unguarded(const ObjectId& id, const Snapshot& side) {
  return is_unique(id, side) && arbiter(id, side).columns.empty();
}

std::vector<ObjectId> unguarded_over(const std::vector<ObjectId>& columns, const Snapshot& side) {
  std::vector<ObjectId> found;
  const auto look = [&](const ObjectId& id, const auto&) {
    if (is_unguarded(id, side) && names_any(columns_of(id, side), columns)) found.push_back(id);
  };
  for_each_child<Constraint>(side, relation_of(columns.front()), look);
  for_each_child<Index>(side, relation_of(columns.front()), look);
  return found;
}

void tell_of_unguarded(Step& step, const ObjectId& index) {
  add_hazard(step, Hazard::AppBreaking,
             "an INSERT ... ON CONFLICT of a new key of " + quote_ident(index.name) +
                 " that meets another one may fail with 23505, until the old column goes");
}

}  // namespace aloft
