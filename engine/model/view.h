#pragma once

#include <algorithm>
#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// What a view's column carries besides its query; only columns with something to say are listed.
struct ViewColumn {
  std::string name{};
  std::string comment{};
  SqlText default_value{};  ///< ALTER VIEW ... ALTER COLUMN ... SET DEFAULT
  Grants grants{};
  std::int32_t statistics = -1;  ///< materialized views
  bool operator==(const ViewColumn&) const = default;
};

/// A view or a materialized view; of the latter, indexes are objects of their own.
struct View {
  static constexpr Kind kKind = Kind::View;
  bool materialized = false;
  SqlText query{};  ///< the SELECT, without the final semicolon
  /// The names that the statement gives the first columns, "v (a, b) AS ..."; live: empty, as the
  /// server keeps them in the query. Not compared: they are among `columns`.
  std::vector<std::string> aliases{};
  /// Names of the output columns in order. Desired: empty where they cannot be told from the files
  /// (then only the aliases are compared).
  std::vector<std::string> columns{};
  Options options{};  ///< security_barrier, security_invoker, check_option; storage parameters
  std::string access_method{}, tablespace{};  ///< materialized views
  bool populated = true;                      ///< WITH [NO] DATA; at creation only, not compared
  std::vector<ViewColumn> column_extras{};    ///< sorted by name
  std::string owner{};
  Grants grants{};
  std::string comment{};
  std::vector<std::string> column_types{};  ///< live only, parallel to `columns`; not compared
  std::string renamed_from{};
  SourcePos at{};

  /// Sets the columns to what the query returns, but for those that the statement names itself.
  void take_columns(std::vector<std::string> returned) {
    if (aliases.size() <= returned.size()) std::ranges::copy(aliases, returned.begin());
    columns = std::move(returned);
  }

  static constexpr auto fields() {
    return std::tuple{Field{"materialized", &View::materialized},
                      Field{"query", &View::query},
                      Field{"columns", &View::columns},
                      Field{"options", &View::options},
                      Field{"access method", &View::access_method},
                      Field{"tablespace", &View::tablespace},
                      Field{"column extras", &View::column_extras},
                      Field{"owner", &View::owner},
                      Field{"grants", &View::grants},
                      Field{"comment", &View::comment}};
  }
};

}  // namespace aloft
