#include "engine/execute/block_ranges.h"

namespace aloft {
namespace {

Sql number(std::int64_t value) {
  return {std::to_string(value)};
}

/// The table and all that inherits from it, as "tree".
Sql tree_of(const std::string& table) {
  return sql(
      "WITH RECURSIVE tree(oid) AS (SELECT {}::regclass::oid UNION SELECT i.inhrelid FROM"
      " pg_inherits i JOIN tree ON i.inhparent = tree.oid)",
      Literal{table});
}

std::int64_t integer(const Row& row, std::size_t column) {
  const std::string text = row.at(column).value_or("");
  return text.empty() ? 0 : std::stoll(text);
}

}  // namespace

Sql storage_of(const std::string& table) {
  return sql(
      "({} SELECT CASE WHEN count(*) = 1 THEN min(pg_relation_filenode(oid))::text ELSE"
      " md5(string_agg(pg_relation_filenode(oid)::text, ',' ORDER BY oid)) END FROM tree)",
      tree_of(table));
}

FilledTable read_table(Session& session, const std::string& table) {
  // As vacuum's own check: the owner, the database's owner, or since 17 who has MAINTAIN.
  const Rows rows = session.query(
      sql("{} SELECT {}, max(CASE WHEN c.relkind = 'r' THEN (pg_relation_size(c.oid) + b.size - 1)"
          " / b.size ELSE 0 END), sum(greatest(c.reltuples, 0))::bigint, min(c.oid::regclass::text)"
          " FILTER (WHERE c.relkind = 'f'), bool_and(pg_has_role(c.relowner, 'USAGE') OR"
          " pg_has_role(d.datdba, 'USAGE') OR (current_setting('server_version_num')::int >= 170000"
          " AND has_table_privilege(c.oid, CASE WHEN current_setting('server_version_num')::int >="
          " 170000 THEN 'MAINTAIN' ELSE 'SELECT' END))) FROM tree JOIN pg_class c ON c.oid = "
          "tree.oid"
          " JOIN pg_database d ON d.datname = current_database(), (SELECT"
          " current_setting('block_size')::bigint) AS b(size)",
          tree_of(table), storage_of(table))
          .text);
  if (rows.empty()) return {};
  const Row& row = rows[0];
  return {.storage = row.at(0).value_or(""),
          .blocks = integer(row, 1),
          .rows = integer(row, 2),
          .no_blocks = row.at(3).value_or(""),
          .may_vacuum = row.at(4) == "t"};
}

std::vector<Part> split_blocks(std::int64_t blocks, int count) {
  std::vector<Part> parts;
  for (int i = 0; i < count; ++i) {
    const std::int64_t first = blocks * i / count, end = blocks * (i + 1) / count;
    parts.push_back({i, first, first, end});
  }
  return parts;
}

std::vector<Part> read_parts(Session& session, const std::string& run, const std::string& step,
                             std::string& storage) {
  std::vector<Part> parts;
  for (const Row& row : session.query(
           sql("SELECT part, first_block, next_block, end_block, relfilenode FROM aloft.backfill"
               " WHERE run = {} AND step = {} ORDER BY part",
               Sql{run}, Literal{step})
               .text)) {
    parts.push_back(
        {static_cast<int>(integer(row, 0)), integer(row, 1), integer(row, 2), integer(row, 3)});
    storage = row.at(4).value_or("");
  }
  return parts;
}

std::int64_t write_parts(Session& session, const Journal& journal, const std::string& step,
                         const std::string& storage, const std::vector<Part>& parts) {
  std::vector<Sql> values;
  for (const Part& part : parts)
    values.push_back(sql("({}, {}::bigint, {}::bigint, {}::bigint)", number(part.number),
                         number(part.first), number(part.next), number(part.end)));
  const Rows written = session.query(
      sql("INSERT INTO aloft.backfill (run, step, part, relfilenode, first_block, next_block,"
          " end_block, taken_up_at) SELECT r.id, {}, v.part, {}, v.first, v.next, v.stop, v.next "
          "FROM"
          " {}, (VALUES {}) AS v(part, first, next, stop) ON CONFLICT (run, step, part) DO UPDATE "
          "SET"
          " relfilenode = excluded.relfilenode, first_block = excluded.first_block, next_block ="
          " excluded.next_block, end_block = excluded.end_block, taken_up = clock_timestamp(),"
          " taken_up_at = excluded.taken_up_at, updated = clock_timestamp() RETURNING rows",
          Literal{step}, Literal{storage}, journal.ours(), sql_list(values))
          .text);
  if (written.empty()) throw TakenOver{};
  std::int64_t rows = 0;
  for (const Row& row : written) rows += integer(row, 0);
  return rows;
}

Sql advance_sql(const Sql& ours, const std::string& step, int part, std::int64_t next,
                std::int64_t rows, int batches) {
  return sql(
      "UPDATE aloft.backfill AS b SET next_block = {}, rows = b.rows + {}, batches = b.batches + "
      "{},"
      " updated = clock_timestamp() FROM {} WHERE b.run = r.id AND b.step = {} AND b.part = {}"
      " RETURNING b.part",
      number(next), number(rows), number(batches), ours, Literal{step}, number(part));
}

}  // namespace aloft
