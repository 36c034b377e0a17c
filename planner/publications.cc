#include "planner/publications.h"

#include <algorithm>

#include "planner/emit/access.h"
#include "planner/locks.h"

namespace aloft {
namespace {

/// The table, those above it and those below it.
std::vector<ObjectId> family(const ObjectId& table, const PlanContext& ctx) {
  std::vector<ObjectId> all{table};
  for (const Snapshot* side : {&ctx.live, &ctx.desired})
    for (const Table* t = side->find<Table>(table); t != nullptr && !t->partition_of.empty();) {
      const ObjectId above = table_id(t->partition_of.schema, t->partition_of.name);
      all.push_back(above);
      t = side->find<Table>(above);
    }
  append(all, descendants(ctx.live, table));
  return all;
}

bool shows(const Publication& publication, const std::vector<ObjectId>& tables) {
  return publication.all_tables || std::ranges::any_of(tables, [&](const ObjectId& table) {
           return publication.tables.contains(table) || publication.schemas.contains(table.schema);
         });
}

std::string counted(const std::string& word, const std::vector<std::string>& names) {
  std::string text = word + (names.size() == 1 ? " " : "s ");
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

}  // namespace

Publications mended(Publications publications, const ChangeSet& changes) {
  const auto is_rename = [](const Change& change, Kind kind) {
    return change.op == Change::Op::Rename && change.id.kind == kind;
  };
  for (auto& [name, publication] : publications.by_name) {
    for (const Change& change : changes)
      if (is_rename(change, Kind::Table))
        if (auto table = publication.tables.extract(change.from); !table.empty()) {
          table.key() = change.id;
          publication.tables.insert(std::move(table));
        }
    for (const Change& change : changes)
      if (is_rename(change, Kind::Column))
        if (const auto table = publication.tables.find(relation_of(change.id));
            table != publication.tables.end())
          std::ranges::replace(table->second.columns, change.from.name, change.id.name);
  }
  return publications;
}

std::vector<Publishing> publishing(const ObjectId& table, const PlanContext& ctx) {
  std::vector<Publishing> all;
  if (ctx.publications == nullptr || ctx.publications->by_name.empty()) return all;
  const std::vector<ObjectId> tables = family(table, ctx);
  for (const auto& [name, publication] : ctx.publications->by_name) {
    if (!shows(publication, tables)) continue;
    const auto own = publication.tables.find(table);
    all.push_back({name, &publication, own == publication.tables.end() ? nullptr : &own->second});
  }
  return all;
}

std::string listed_publications(const std::vector<Publishing>& shown) {
  std::vector<std::string> names;
  for (const Publishing& p : shown) names.push_back(quote_ident(p.name));
  return names.empty() ? "" : counted("publication", names);
}

std::string publications_do(const std::vector<Publishing>& shown, const std::string& verb) {
  const std::string ending = shown.size() > 1 ? "" : verb.ends_with("sh") ? "es" : "s";
  return listed_publications(shown) + " " + verb + ending;
}

bool writes_rows(const std::vector<Publishing>& shown) {
  return std::ranges::any_of(shown, [](const Publishing& p) { return p.publication->updates; });
}

std::string update_obstacle(const ObjectId& table, const PlanContext& ctx) {
  const std::vector<Publishing> shown = publishing(table, ctx);
  if (!writes_rows(shown)) return "";
  bool key = false;
  for_each_child<Constraint>(ctx.live, table, [&](const ObjectId&, const Constraint& c) {
    key |= c.type == Constraint::Type::PrimaryKey && !c.deferrable;
  });
  const char mode = ctx.live.tables.at(table).replica_identity.mode;
  if (mode == 'f' || mode == 'i' || (mode == 'd' && key)) return "";
  return publications_do(shown, "publish") +
         " updates of the table, which has no replica identity: PostgreSQL refuses every "
         "update of it";
}

void tell_of_need(Step& step, const std::vector<Publishing>& shown, const std::string& needs,
                  const Sql& there, const PlanContext& ctx) {
  if (shown.empty()) return;
  const std::vector<std::string>& slots = ctx.publications->slots;
  if (slots.empty())
    return add_note(step, Stage::Running,
                    needs + ": has to be on a subscriber of " + listed_publications(shown) +
                        ", of which there is none at present: " + there.text);
  add_hazard(step, Hazard::Replication,
             publications_do(shown, "show") + " " + needs +
                 ", and a subscriber that does not have it stops at the next "
                 "change (" +
                 counted("slot", slots) + "); run there first: " + there.text);
}

void tell_of_journal(Step& first, const Publications& publications) {
  std::vector<Publishing> shown;
  for (const auto& [name, publication] : publications.by_name)
    if (publication.all_tables || publication.schemas.contains("aloft"))
      shown.push_back({.name = name, .publication = &publication});
  if (shown.empty() || publications.slots.empty()) return;
  add_hazard(first, Hazard::Replication,
             publications_do(shown, "show") + " " +
                 "aloft's journal (schema aloft) too, and a subscriber that does not have its "
                 "tables stops at the first thing that a run records (" +
                 counted("slot", publications.slots) +
                 "); as soon as the journal is there: pg_dump --schema-only --schema=aloft, loaded "
                 "on the subscriber");
}

void tell_of_new_column(Step& step, const ObjectId& column, const Sql& there,
                        const PlanContext& ctx) {
  std::vector<Publishing> shown, hidden;
  for (Publishing& p : publishing(relation_of(column), ctx))
    (p.own != nullptr && !p.own->columns.empty() ? hidden : shown).push_back(std::move(p));
  tell_of_need(step, shown, "column " + name_of(column), there, ctx);
  if (!hidden.empty())
    add_note(step, Stage::Next,
             name_of(column) + ": is not shown by " + listed_publications(hidden) +
                 ", whose list of columns does not name it");
}

void tell_of_new_table(Step& step, const ObjectId& table, const PlanContext& ctx) {
  std::vector<Publishing> shown = publishing(table, ctx);
  const Table& wanted = ctx.desired.tables.at(table);
  if (wanted.unlogged) return;  // has no changes to show
  if (!wanted.partition_of.empty())
    std::erase_if(shown, [](const Publishing& p) { return p.publication->via_root; });
  tell_of_need(step, shown, "table " + name_of(table),
               Sql{"CREATE TABLE " + to_sql(qualified(table)) + " ..., as here"}, ctx);
}

void tell_of_new_name(Step& step, const ObjectId& now, const Sql& there, const PlanContext& ctx) {
  const bool column = now.kind == Kind::Column;
  tell_of_need(step, publishing(relation_of(now), ctx),
               (column ? "column " : "table ") + name_of(now) + " by that name", there, ctx);
}

void tell_of_new_type(Step& step, Stage stage, const ObjectId& column, const Column& from,
                      const Column& to, const PlanContext& ctx) {
  const std::vector<Publishing> shown = publishing(relation_of(column), ctx);
  if (shown.empty() || from.type == to.type) return;
  add_note(step, stage,
           name_of(column) + ": " + publications_do(shown, "show") + " it as " + to.type +
               "; a value that a subscriber's type cannot hold stops it, as does a subscription "
               "WITH (binary) that has another type. Run there first: " +
               sql("ALTER TABLE {} ALTER COLUMN {} TYPE {}", relation_name(column),
                   Ident{column.name}, Sql{to.type})
                   .text);
}

}  // namespace aloft
