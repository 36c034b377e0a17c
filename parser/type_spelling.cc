// type_spelling(): a type name as format_type() prints it.

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/sql.h"
#include "parser/handlers.h"

namespace aloft {
namespace {

/// Internal names of pg_catalog's types whose SQL spelling differs.
const std::map<std::string_view, std::string_view>& sql_names() {
  static const std::map<std::string_view, std::string_view> kNames = {
      {"int2", "smallint"},
      {"int4", "integer"},
      {"int8", "bigint"},
      {"float4", "real"},
      {"float8", "double precision"},
      {"bool", "boolean"},
      {"varchar", "character varying"},
      {"bpchar", "character"},
      {"varbit", "bit varying"},
      {"decimal", "numeric"},
      {"numeric", "numeric"},
      {"bit", "bit"},
      {"timestamptz", "timestamp with time zone"},
      {"timestamp", "timestamp without time zone"},
      {"timetz", "time with time zone"},
      {"time", "time without time zone"}};
  return kNames;
}

/// Sorted. pg_catalog goes before everything that search_path names.
constexpr auto kBuiltin = std::to_array<std::string_view>({"aclitem",
                                                           "any",
                                                           "anyarray",
                                                           "anycompatible",
                                                           "anycompatiblearray",
                                                           "anycompatiblemultirange",
                                                           "anycompatiblenonarray",
                                                           "anycompatiblerange",
                                                           "anyelement",
                                                           "anyenum",
                                                           "anymultirange",
                                                           "anynonarray",
                                                           "anyrange",
                                                           "bit",
                                                           "bool",
                                                           "box",
                                                           "bpchar",
                                                           "bytea",
                                                           "char",
                                                           "cid",
                                                           "cidr",
                                                           "circle",
                                                           "cstring",
                                                           "date",
                                                           "datemultirange",
                                                           "daterange",
                                                           "event_trigger",
                                                           "fdw_handler",
                                                           "float4",
                                                           "float8",
                                                           "gtsvector",
                                                           "index_am_handler",
                                                           "inet",
                                                           "int2",
                                                           "int2vector",
                                                           "int4",
                                                           "int4multirange",
                                                           "int4range",
                                                           "int8",
                                                           "int8multirange",
                                                           "int8range",
                                                           "internal",
                                                           "interval",
                                                           "json",
                                                           "jsonb",
                                                           "jsonpath",
                                                           "language_handler",
                                                           "line",
                                                           "lseg",
                                                           "macaddr",
                                                           "macaddr8",
                                                           "money",
                                                           "name",
                                                           "numeric",
                                                           "nummultirange",
                                                           "numrange",
                                                           "oid",
                                                           "oidvector",
                                                           "path",
                                                           "pg_lsn",
                                                           "pg_node_tree",
                                                           "pg_snapshot",
                                                           "point",
                                                           "polygon",
                                                           "record",
                                                           "refcursor",
                                                           "regclass",
                                                           "regcollation",
                                                           "regconfig",
                                                           "regdictionary",
                                                           "regnamespace",
                                                           "regoper",
                                                           "regoperator",
                                                           "regproc",
                                                           "regprocedure",
                                                           "regrole",
                                                           "regtype",
                                                           "table_am_handler",
                                                           "text",
                                                           "tid",
                                                           "time",
                                                           "timestamp",
                                                           "timestamptz",
                                                           "timetz",
                                                           "trigger",
                                                           "tsm_handler",
                                                           "tsmultirange",
                                                           "tsquery",
                                                           "tsrange",
                                                           "tstzmultirange",
                                                           "tstzrange",
                                                           "tsvector",
                                                           "txid_snapshot",
                                                           "unknown",
                                                           "uuid",
                                                           "varbit",
                                                           "varchar",
                                                           "void",
                                                           "xid",
                                                           "xid8",
                                                           "xml"});

bool builtin(std::string_view name) {
  return std::ranges::binary_search(kBuiltin, name);
}

/// The integers of a typmod list; empty where one is something else.
std::vector<int> numbers(const PgQuery__TypeName& type) {
  std::vector<int> values;
  for (const PgQuery__Node* node : pg::list(type.n_typmods, type.typmods)) {
    if (node->node_case == PG_QUERY__NODE__NODE_INTEGER) {
      values.push_back(node->integer->ival);
      continue;
    }
    if (node->node_case != PG_QUERY__NODE__NODE_A_CONST ||
        node->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
      return {};
    values.push_back(node->a_const->ival->ival);
  }
  return values;
}

/// INTERVAL_MASK() bits of the fields that a typmod's first number holds.
std::string interval_fields(int mask) {
  constexpr int kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11,
                kSecond = 1 << 12;
  if (mask == kYear) return " year";
  if (mask == kMonth) return " month";
  if (mask == kDay) return " day";
  if (mask == kHour) return " hour";
  if (mask == kMinute) return " minute";
  if (mask == kSecond) return " second";
  if (mask == (kYear | kMonth)) return " year to month";
  if (mask == (kDay | kHour)) return " day to hour";
  if (mask == (kDay | kHour | kMinute)) return " day to minute";
  if (mask == (kDay | kHour | kMinute | kSecond)) return " day to second";
  if (mask == (kHour | kMinute)) return " hour to minute";
  if (mask == (kHour | kMinute | kSecond)) return " hour to second";
  if (mask == (kMinute | kSecond)) return " minute to second";
  return "";
}

/// A pg_catalog type with its modifiers.
std::string builtin_spelling(const std::string& name, const PgQuery__TypeName& type) {
  if (name == "char") return "\"char\"";
  std::vector<int> mods = numbers(type);
  if (name == "interval") {
    std::string text = name;
    if (!mods.empty()) text += interval_fields(mods[0]);
    if (mods.size() > 1) text += "(" + std::to_string(mods[1]) + ")";
    return text;
  }
  if (name == "bpchar" && mods.empty()) return "bpchar";
  if ((name == "numeric" || name == "decimal") && mods.size() == 1) mods.push_back(0);
  std::string given;
  for (const int mod : mods) given += (given.empty() ? "(" : ",") + std::to_string(mod);
  if (!given.empty()) given += ")";
  const auto known = sql_names().find(name);
  if (known == sql_names().end()) return quote_ident(name) + given;
  std::string text(known->second);
  // The precision stands before WITH or WITHOUT TIME ZONE.
  const auto zone = name.starts_with("time") ? text.find(" with") : std::string::npos;
  return zone == std::string::npos ? text + given : text.insert(zone, given);
}

/// The modifiers of any other type, as they were written.
std::string other_modifiers(const PgQuery__TypeName& type) {
  std::string text;
  for (PgQuery__Node* node : pg::list(type.n_typmods, type.typmods)) {
    std::string value = pg::deparse_expression(node);
    // typmodout functions print a word without its quotes: geometry(Point,4326).
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1)
      value = pg::str(node->column_ref->fields[0]);
    text += (text.empty() ? "(" : ",") + value;
  }
  return text.empty() ? "" : text + ")";
}

const std::vector<Kind>& type_kinds() {
  static const std::vector<Kind> kKinds = {Kind::Enum, Kind::Domain, Kind::Composite, Kind::Table,
                                           Kind::View};
  return kKinds;
}

}  // namespace

std::string type_spelling(const PgQuery__TypeName& type, const Statement& st,
                          const ParseContext& context) {
  std::vector<std::string> name = pg::names(type.n_names, type.names);
  if (name.empty()) return "";
  if (type.pct_type) {
    std::string text;
    for (const std::string& part : name) text += (text.empty() ? "" : ".") + quote_ident(part);
    return text + "%TYPE";
  }
  bool array = type.n_array_bounds > 0;
  const bool catalog = name.size() > 1 && name[name.size() - 2] == "pg_catalog";
  if ((catalog || name.size() == 1) && name.back().size() > 1 && name.back().front() == '_' &&
      builtin(std::string_view(name.back()).substr(1))) {
    name.back().erase(0, 1);  // _int4 is the array of int4
    array = true;
  }
  std::string text;
  if (catalog || (name.size() == 1 && (builtin(name.back()) || name.back() == "decimal"))) {
    text = builtin_spelling(name.back(), type);
  } else {
    const Name found = resolve_name(name, type_kinds(), st, context);
    text = quote_qualified(found.schema, found.name) + other_modifiers(type);
  }
  return array ? text + "[]" : text;
}

}  // namespace aloft
