#include <cstdlib>
#include <limits>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

std::int64_t number(const PgQuery__Node* node) {
  const std::string text = option_value(node);
  return std::strtoll(text.c_str(), nullptr, 10);
}

/// What the clauses said, before the type's bounds are known.
struct Said {
  std::optional<std::string> type{};
  std::optional<std::int64_t> increment{}, cache{}, start{};
  std::optional<std::optional<std::int64_t>> min{}, max{};  // inner nullopt: NO MINVALUE
  std::optional<bool> cycle{};
};

std::optional<std::int64_t> bound(const PgQuery__Node* node) {
  if (node == nullptr) return std::nullopt;
  return number(node);
}

Said read(std::size_t count, PgQuery__Node* const* elements,
          std::optional<std::vector<std::string>>& owned_by, const Statement& st,
          ParseContext& context) {
  Said said;
  for (const PgQuery__Node* node : pg::list(count, elements)) {
    const PgQuery__DefElem& element = *node->def_elem;
    const std::string_view name = element.defname;
    const PgQuery__Node* value = element.arg;
    if (name == "as")
      said.type = type_spelling(*value->type_name, st, context);
    else if (name == "increment")
      said.increment = number(value);
    else if (name == "cache")
      said.cache = number(value);
    else if (name == "start")
      said.start = number(value);
    else if (name == "minvalue")
      said.min = bound(value);
    else if (name == "maxvalue")
      said.max = bound(value);
    else if (name == "cycle")
      said.cycle = option_value(value) == "true";
    else if (name == "owned_by")
      owned_by = pg::names(value->list->n_items, value->list->items);
    else if (name == "sequence_name" || name == "logged" || name == "unlogged")
      continue;
    else
      refuse(context, st.at(element.location), "this clause of a sequence: " + std::string(name));
  }
  return said;
}

/// OWNED BY, as a name list; NONE is one word.
void set_owner_column(Sequence& sequence, const std::vector<std::string>& name,
                      const std::string& sequence_schema, const Statement& st,
                      const ParseContext& context) {
  sequence.owned_by = {};
  if (name.size() < 2) return;
  std::string schema = name.size() > 2 ? name[name.size() - 3] : "";
  if (schema.empty()) {
    const Name found =
        resolve_name({name[name.size() - 2]}, {Kind::Table, Kind::View}, st, context);
    schema = found.schema.empty() ? sequence_schema : found.schema;
  }
  sequence.owned_by = child_id(Kind::Column, table_id(schema, name[name.size() - 2]), name.back());
}

}  // namespace

SequenceOptions default_sequence(const std::string& type, bool ascending) {
  SequenceOptions options{.type = type};
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  if (type == "integer") {
    min = std::numeric_limits<std::int32_t>::min();
    max = std::numeric_limits<std::int32_t>::max();
  } else if (type == "smallint") {
    min = std::numeric_limits<std::int16_t>::min();
    max = std::numeric_limits<std::int16_t>::max();
  }
  options.increment = ascending ? 1 : -1;
  options.min = ascending ? 1 : min;
  options.max = ascending ? max : -1;
  options.start = ascending ? options.min : options.max;
  return options;
}

void read_sequence_options(std::size_t count, PgQuery__Node* const* elements, bool altering,
                           SequenceOptions& options,
                           std::optional<std::vector<std::string>>& owned_by, const Statement& st,
                           ParseContext& context) {
  const Said said = read(count, elements, owned_by, st, context);
  const SequenceOptions was = options;
  const std::string type = said.type.value_or(was.type);
  const std::int64_t increment = said.increment.value_or(was.increment);
  SequenceOptions defaults = default_sequence(type, increment > 0);
  if (!altering) {
    options = defaults;
  } else if (type != was.type) {
    // A bound that was the old type's becomes the new type's (init_params).
    const SequenceOptions old = default_sequence(was.type, was.increment > 0);
    const SequenceOptions up = default_sequence(was.type, true);
    const SequenceOptions down = default_sequence(was.type, false);
    if (was.max == up.max) options.max = default_sequence(type, true).max;
    if (was.min == down.min) options.min = default_sequence(type, false).min;
    if (was.max == old.max && increment > 0) options.max = defaults.max;
  }
  options.type = type;
  options.increment = increment;
  if (said.min) options.min = said.min->value_or(defaults.min);
  if (said.max) options.max = said.max->value_or(defaults.max);
  if (said.start)
    options.start = *said.start;
  else if (!altering)
    options.start = increment > 0 ? options.min : options.max;
  if (said.cache) options.cache = *said.cache;
  if (said.cycle) options.cycle = *said.cycle;
}

void parse_create_sequence(const PgQuery__CreateSeqStmt& stmt, const Statement& st,
                           ParseContext& context) {
  const PgQuery__RangeVar& name = *stmt.sequence;
  const SourcePos at = st.at(name.location);
  if (*name.relpersistence == 't') return refuse(context, at, "temporary sequences");
  const std::string schema = creation_schema(name.schemaname, st, context, at);
  if (schema.empty()) return;
  const ObjectId id{.kind = Kind::Sequence, .schema = schema, .name = name.relname};
  if (stmt.if_not_exists && context.said.contains(id)) return;
  if (!first_time(context, id, at)) return;
  Sequence sequence{.unlogged = *name.relpersistence == 'u', .at = at};
  std::optional<std::vector<std::string>> owned_by;
  read_sequence_options(stmt.n_options, stmt.options, false, sequence.options, owned_by, st,
                        context);
  if (owned_by) set_owner_column(sequence, *owned_by, schema, st, context);
  context.snapshot.sequences[id] = std::move(sequence);
}

void parse_alter_sequence(const PgQuery__AlterSeqStmt& stmt, const Statement& st,
                          ParseContext& context) {
  const PgQuery__RangeVar& name = *stmt.sequence;
  const ObjectId id{
      .kind = Kind::Sequence, .schema = relation_schema(name, st, context), .name = name.relname};
  const auto it = context.snapshot.sequences.find(id);
  if (it == context.snapshot.sequences.end()) {
    if (!stmt.missing_ok && !context.identity_sequences.contains({id.schema, id.name}))
      report_unknown(context, st.at(name.location), to_string(id));
    else if (!stmt.missing_ok)
      refuse(context, st.at(name.location), "ALTER SEQUENCE on an identity column's sequence");
    return;
  }
  std::optional<std::vector<std::string>> owned_by;
  read_sequence_options(stmt.n_options, stmt.options, true, it->second.options, owned_by, st,
                        context);
  if (owned_by) set_owner_column(it->second, *owned_by, id.schema, st, context);
}

}  // namespace aloft
