#include "engine/base/sql.h"

#include <algorithm>
#include <array>

namespace aloft {
namespace {

// Words that quote_identifier() quotes: all but the unreserved ones of PostgreSQL 15's
// pg_get_keywords(), sorted. A word that is reserved later is only quoted needlessly or, being none
// of these, unreserved in all of 14 to 18.
constexpr auto kKeywords = std::to_array<std::string_view>({"all",
                                                            "analyse",
                                                            "analyze",
                                                            "and",
                                                            "any",
                                                            "array",
                                                            "as",
                                                            "asc",
                                                            "asymmetric",
                                                            "authorization",
                                                            "between",
                                                            "bigint",
                                                            "binary",
                                                            "bit",
                                                            "boolean",
                                                            "both",
                                                            "case",
                                                            "cast",
                                                            "char",
                                                            "character",
                                                            "check",
                                                            "coalesce",
                                                            "collate",
                                                            "collation",
                                                            "column",
                                                            "concurrently",
                                                            "constraint",
                                                            "create",
                                                            "cross",
                                                            "current_catalog",
                                                            "current_date",
                                                            "current_role",
                                                            "current_schema",
                                                            "current_time",
                                                            "current_timestamp",
                                                            "current_user",
                                                            "dec",
                                                            "decimal",
                                                            "default",
                                                            "deferrable",
                                                            "desc",
                                                            "distinct",
                                                            "do",
                                                            "else",
                                                            "end",
                                                            "except",
                                                            "exists",
                                                            "extract",
                                                            "false",
                                                            "fetch",
                                                            "float",
                                                            "for",
                                                            "foreign",
                                                            "freeze",
                                                            "from",
                                                            "full",
                                                            "grant",
                                                            "greatest",
                                                            "group",
                                                            "grouping",
                                                            "having",
                                                            "ilike",
                                                            "in",
                                                            "initially",
                                                            "inner",
                                                            "inout",
                                                            "int",
                                                            "integer",
                                                            "intersect",
                                                            "interval",
                                                            "into",
                                                            "is",
                                                            "isnull",
                                                            "join",
                                                            "lateral",
                                                            "leading",
                                                            "least",
                                                            "left",
                                                            "like",
                                                            "limit",
                                                            "localtime",
                                                            "localtimestamp",
                                                            "national",
                                                            "natural",
                                                            "nchar",
                                                            "none",
                                                            "normalize",
                                                            "not",
                                                            "notnull",
                                                            "null",
                                                            "nullif",
                                                            "numeric",
                                                            "offset",
                                                            "on",
                                                            "only",
                                                            "or",
                                                            "order",
                                                            "out",
                                                            "outer",
                                                            "overlaps",
                                                            "overlay",
                                                            "placing",
                                                            "position",
                                                            "precision",
                                                            "primary",
                                                            "real",
                                                            "references",
                                                            "returning",
                                                            "right",
                                                            "row",
                                                            "select",
                                                            "session_user",
                                                            "setof",
                                                            "similar",
                                                            "smallint",
                                                            "some",
                                                            "substring",
                                                            "symmetric",
                                                            "table",
                                                            "tablesample",
                                                            "then",
                                                            "time",
                                                            "timestamp",
                                                            "to",
                                                            "trailing",
                                                            "treat",
                                                            "trim",
                                                            "true",
                                                            "union",
                                                            "unique",
                                                            "user",
                                                            "using",
                                                            "values",
                                                            "varchar",
                                                            "variadic",
                                                            "verbose",
                                                            "when",
                                                            "where",
                                                            "window",
                                                            "with",
                                                            "xmlattributes",
                                                            "xmlconcat",
                                                            "xmlelement",
                                                            "xmlexists",
                                                            "xmlforest",
                                                            "xmlnamespaces",
                                                            "xmlparse",
                                                            "xmlpi",
                                                            "xmlroot",
                                                            "xmlserialize",
                                                            "xmltable"});

bool needs_quotes(std::string_view name) {
  if (name.empty()) return true;
  const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (!lower(name.front())) return true;
  if (!std::ranges::all_of(name, [&](char c) { return lower(c) || (c >= '0' && c <= '9'); }))
    return true;
  return std::ranges::binary_search(kKeywords, name);
}

std::string doubled(std::string_view text, char quote) {
  std::string result;
  result.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result;
}

}  // namespace

std::string quote_ident(std::string_view name) {
  return needs_quotes(name) ? '"' + doubled(name, '"') + '"' : std::string(name);
}

std::string quote_literal(std::string_view text) {
  std::string quoted = doubled(text, '\'');
  if (text.find('\\') == std::string_view::npos) return "'" + quoted + "'";
  return "E'" + doubled(quoted, '\\') + "'";
}

std::string quote_qualified(std::string_view schema, std::string_view name) {
  return schema.empty() ? quote_ident(name) : quote_ident(schema) + "." + quote_ident(name);
}

Sql ident_list(const std::vector<std::string>& names) {
  Sql list;
  for (const auto& name : names) list.text += (list.text.empty() ? "" : ", ") + quote_ident(name);
  return list;
}

}  // namespace aloft
