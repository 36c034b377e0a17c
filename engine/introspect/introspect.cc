#include "engine/introspect/introspect.h"

#include <algorithm>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// The first round trip of two: opens the transaction and learns what the queries are made for.
ReadScope open_transaction(Session& session, Reading& reading) {
  const auto answers = session.pipeline(
      {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
       // Sorting the columns of thousands of tables is not to spill to disk, and catalog queries
       // gain nothing from workers that a busy server needs elsewhere.
       "SET LOCAL work_mem = '64MB'", "SET LOCAL max_parallel_workers_per_gather = 0",
       "SELECT current_setting('server_version_num'), current_setting('server_version'),"
       " current_user, coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
       " false), current_database(), current_setting('block_size')",
       "SELECT coalesce(array_agg(oid), '{}') FROM pg_namespace WHERE nspname !~ '^pg_'"
       " AND nspname NOT IN ('information_schema', 'aloft')"});
  const std::vector<std::optional<std::string_view>> view(answers[3].at(0).begin(),
                                                          answers[3].at(0).end());
  Fields f{view};
  Facts& facts = reading.live.facts;
  facts.server_version = static_cast<int>(f.number(0));
  facts.server_version_text = f.text();
  facts.user = f.text();
  facts.superuser = f.flag();
  facts.database = f.text();
  reading.block_size = f.number(8192);
  return {.version = facts.server_version, .schemas = answers[4].at(0).at(0).value_or("{}")};
}

/// Since 17 the identity columns of partitions draw from the sequence of the partitioned table's.
void share_identity_sequences(Snapshot& snapshot) {
  for (auto& [id, column] : snapshot.columns) {
    if (column.identity == ' ') continue;
    const Table* table = snapshot.find<Table>(table_id(id.schema, id.relation));
    ObjectId root = id;
    while (table != nullptr && !table->partition_of.empty()) {
      root.schema = table->partition_of.schema;
      root.relation = table->partition_of.name;
      table = snapshot.find<Table>(table_id(root.schema, root.relation));
    }
    const Column* source = snapshot.find<Column>(root);
    if (source != nullptr && source->identity != ' ')
      column.identity_sequence = source->identity_sequence;
  }
}

}  // namespace

Live introspect(Session& session) {
  Reading reading;
  const ReadScope scope = open_transaction(session, reading);
  const auto& readers = all_readers();
  std::vector<std::string> statements;
  for (const Reader* reader : readers) statements.push_back(reader->sql(scope));
  session.stream(statements, [&](std::size_t statement, RowView row) {
    readers[statement]->row(reading, Fields(row));
  });
  Snapshot& snapshot = reading.live.snapshot;
  if (scope.version >= 170000) share_identity_sequences(snapshot);
  std::ranges::sort(snapshot.unmanaged);
  const auto [first, last] = std::ranges::unique(snapshot.unmanaged);
  snapshot.unmanaged.erase(first, last);
  reading.live.names.online = true;
  return std::move(reading.live);
}

}  // namespace aloft
