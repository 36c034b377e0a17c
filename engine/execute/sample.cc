#include "engine/execute/sample.h"

#include <sstream>

#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/execute/usage.h"

namespace aloft {
namespace {

constexpr int kTries = 3;
constexpr double kBlocks = 4096;  ///< 32 MB of blocks of 8 kB

QualifiedName name(const ObjectId& table) {
  return {table.schema, table.name};
}

/// pg_partition_tree() knows no table without partitions.
double percent_of_blocks(Session& session, const ObjectId& table) {
  const Literal relation{to_sql(name(table))};
  const Rows rows = session.query(
      sql("SELECT coalesce((SELECT sum(pg_catalog.pg_relation_size(relid)) FROM"
          " pg_catalog.pg_partition_tree({}::regclass)), pg_catalog.pg_relation_size({}::regclass))"
          " / pg_catalog.current_setting('block_size')::bigint",
          relation, relation)
          .text);
  const double blocks = std::stod(rows.at(0).at(0).value_or("0"));
  return blocks <= kBlocks ? 100 : 100 * kBlocks / blocks;
}

/// An expression that tells a row by its primary key, else by its place.
Sql key_of(Session& session, const ObjectId& table) {
  const Rows columns = session.query(
      sql("SELECT a.attname FROM pg_catalog.pg_index i CROSS JOIN LATERAL"
          " unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place) JOIN"
          " pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE"
          " i.indisprimary AND k.place <= i.indnkeyatts AND i.indrelid = {}::regclass ORDER BY"
          " k.place",
          Literal{to_sql(name(table))})
          .text);
  if (columns.empty())
    return sql(
        "concat(CASE WHEN tableoid <> {}::regclass THEN concat(tableoid::regclass, ' ') END,"
        " 'ctid=', ctid)",
        Literal{to_sql(name(table))});
  std::vector<Sql> parts;
  for (const Row& row : columns) {
    const std::string column = row.at(0).value_or("");
    parts.push_back(sql("concat({}, {})", Literal{quote_ident(column) + "="}, Ident{column}));
  }
  return sql("concat_ws(' ', {})", sql_list(parts));
}

void look(Session& session, const ObjectId& table, const std::string& condition, double percent,
          Sample& sample) {
  const Sql differs = sql("({}) IS FALSE", Sql{condition});
  const Rows rows = session.query(
      sql("SELECT {} count(*), count(*) FILTER (WHERE {}), array_to_string((array_agg(replace({},"
          " E'\\n', ' ')) FILTER (WHERE {}))[1:10], E'\\n') FROM {} TABLESAMPLE SYSTEM ({})",
          Sql{std::string(kOwnMark)}, differs, key_of(session, table), differs, name(table),
          Sql{std::to_string(percent)})
          .text);
  sample.percent = static_cast<std::int64_t>(percent);
  sample.rows = std::stoll(rows.at(0).at(0).value_or("0"));
  sample.differ = std::stoll(rows[0].at(1).value_or("0"));
  std::istringstream keys(rows[0].at(2).value_or(""));
  for (std::string key; std::getline(keys, key);) sample.keys.push_back(key);
}

bool is_there(Session& session, const ObjectId& trigger) {
  const Rows rows = session.query(
      sql("SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass({}) AND tgname"
          " = {}",
          Literal{to_sql(name(relation_of(trigger)))}, Literal{trigger.name})
          .text);
  return !rows.empty();
}

Sample sample_rows(Session& session, const Agreement& agreement, const std::string& search_path) {
  const ObjectId table = relation_of(agreement.trigger);
  Sample sample{.table = to_sql(name(table)), .what = agreement.what};
  double percent = -1;
  for (int attempt = 1;; ++attempt) {
    try {
      session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
      session.execute("SET LOCAL statement_timeout = '5s'");
      session.execute("SET LOCAL row_security = off");
      if (!search_path.empty()) session.execute("SET LOCAL search_path = " + search_path);
      if (percent < 0) percent = percent_of_blocks(session, table);
      look(session, table, agreement.condition, percent, sample);
      session.execute("COMMIT");
      return sample;
    } catch (const DbError& error) {
      if (error.is_connection_lost()) throw;
      session.execute("ROLLBACK");
      percent /= 10;
      if (error.is_canceled() && attempt < kTries) continue;
      sample.failed = error.what();
      while (sample.failed.ends_with('\n')) sample.failed.pop_back();
      return sample;
    }
  }
}

}  // namespace

std::vector<Sample> sample_agreements(Session& session, const Plan& plan) {
  std::vector<Sample> samples;
  for (const Agreement& agreement : plan.agreements)
    if (is_there(session, agreement.trigger))
      samples.push_back(sample_rows(session, agreement, plan.search_path));
  return samples;
}

}  // namespace aloft
