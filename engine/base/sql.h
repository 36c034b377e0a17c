#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace aloft {

/// `name` as an SQL identifier, quoted where PostgreSQL's quote_identifier() would quote it.
std::string quote_ident(std::string_view name);
/// `text` as an SQL string constant; one with a backslash becomes an E'' constant.
std::string quote_literal(std::string_view text);
/// schema.name, each quoted as needed; name alone where `schema` is empty.
std::string quote_qualified(std::string_view schema, std::string_view name);

/// SQL text that is ready to run. Built by sql(), or from text that a parser or a server wrote.
struct Sql {
  std::string text{};
  bool operator==(const Sql&) const = default;
};
struct Ident {
  std::string name{};
};
struct QualifiedName {
  std::string schema{}, name{};
};
struct Literal {
  std::string text{};
};

/// What may go into a statement: each type knows its own quoting. A bare std::string is none of
/// them, so an unquoted name or label does not compile.
template <class T>
concept SqlFragment = std::same_as<T, Ident> || std::same_as<T, QualifiedName> ||
    std::same_as<T, Literal> || std::same_as<T, Sql>;

inline std::string to_sql(const Ident& i) {
  return quote_ident(i.name);
}
inline std::string to_sql(const QualifiedName& q) {
  return quote_qualified(q.schema, q.name);
}
inline std::string to_sql(const Literal& l) {
  return quote_literal(l.text);
}
inline std::string to_sql(const Sql& s) {
  return s.text;
}

/// sql("ALTER TABLE {} DROP COLUMN {}", table, column)
template <SqlFragment... T>
Sql sql(std::string_view format, const T&... fragments) {
  return Sql{fmt::format(fmt::runtime(format), to_sql(fragments)...)};
}

/// The fragments, comma-separated.
template <SqlFragment T>
Sql sql_list(const std::vector<T>& fragments) {
  Sql list;
  for (const T& f : fragments) list.text += (list.text.empty() ? "" : ", ") + to_sql(f);
  return list;
}
/// Names as a comma-separated list of identifiers.
Sql ident_list(const std::vector<std::string>& names);

}  // namespace aloft
