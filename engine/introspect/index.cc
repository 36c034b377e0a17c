#include <fmt/format.h>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// pg_get_indexdef() is what costs time here: not called for the index behind a constraint.
std::string indexes_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT i.indexrelid, i.indrelid, c.relnamespace, c.relname, c.relkind, i.indisunique,"
      " i.indisclustered, i.indisvalid AND i.indisready AND i.indislive, i.indisreplident,"
      " c.reltablespace, c.relpages, {},"
      " CASE WHEN k.conindid IS NULL THEN pg_get_indexdef(i.indexrelid) ELSE '' END"
      " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
      " LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')"
      " WHERE c.relnamespace = ANY ('{}')",
      list_sql("c.reloptions"), scope.schemas);
}

/// What follows the table's name. Before it only quoted names can hold the word.
std::string from_using(std::string text) {
  constexpr std::string_view kUsing = " USING ";
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && text.compare(i, kUsing.size(), kUsing) == 0) return text.substr(i + 1);
  }
  return text;
}

void read_index(Reading& r, Fields f) {
  const Oid oid = f.oid();
  const Oid table = f.oid();
  const Relation* relation = r.relation(table);
  if (relation == nullptr) return;
  const std::string schema = r.schema(f.oid());
  const std::string name = f.text();
  r.index_names.emplace(oid, Name{schema, name});
  const bool partitioned = f.letter('i') == 'I';
  Index index{.unique = f.flag()};
  index.clustered = f.flag();
  index.valid = f.flag();
  index.only = partitioned && !index.valid;
  if (f.flag() && relation->table != nullptr) relation->table->replica_identity.index = name;
  index.tablespace = r.tablespace(f.oid());
  if (const auto size = r.sizes.find(table); size != r.sizes.end())
    size->second->index_bytes += f.number(0) * r.block_size;
  else
    f.number(0);
  add_options(index.options, f.list());
  index.comment = r.comment(catalog::kClass, oid);
  if (const auto it = r.index_constraints.find(oid); it != r.index_constraints.end()) {
    it->second->clustered = index.clustered;
    it->second->options = std::move(index.options);
    it->second->tablespace = std::move(index.tablespace);
    it->second->index_comment = std::move(index.comment);
    return;
  }
  index.definition.sql = from_using(f.definition());
  if (index.definition.sql.empty()) return;  // behind a constraint that is only named
  const auto [it, added] =
      r.live.snapshot.indexes.emplace(child_id(Kind::Index, relation->id, name), std::move(index));
  r.indexes.emplace(oid, &it->second);
}

}  // namespace

const Reader kIndexes{"indexes", indexes_sql, read_index};

const Reader kIndexStatistics{
    "index column statistics",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT a.attrelid, a.attnum, a.attstattarget FROM pg_attribute a JOIN pg_class c"
          " ON c.oid = a.attrelid WHERE a.attstattarget >= 0 AND a.attnum > 0"
          " AND c.relkind IN ('i', 'I') AND c.relnamespace = ANY ('{}') ORDER BY 1, 2",
          scope.schemas);
    },
    [](Reading& r, Fields f) {
      const auto it = r.indexes.find(f.oid());
      if (it == r.indexes.end()) return;
      const std::string column = f.text();
      it->second->statistics.push_back({column, f.text()});
    }};

}  // namespace aloft
