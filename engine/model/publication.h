#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// What a publication that names a table (FOR TABLE) shows of it.
struct PublishedTable {
  std::vector<std::string> columns{};  ///< its column list (15+), in the table's order; empty: all
  std::string filter{};  ///< its row filter (15+) as pg_get_expr() prints it; empty: all rows
  bool operator==(const PublishedTable&) const = default;
};

/// A live publication. aloft does not manage them; what it changes of one for the time of a run it
/// puts back.
struct Publication {
  bool all_tables = false;
  std::set<std::string> schemas{};  ///< TABLES IN SCHEMA (15+)
  std::map<ObjectId, PublishedTable> tables{};
  bool updates = false;    ///< publishes UPDATE or DELETE, which need a replica identity
  bool via_root = false;   ///< shows the rows of partitions as those of the partitioned table
  bool alterable = false;  ///< the login has the rights of its owner
  bool operator==(const Publication&) const = default;
};

/// All of a database's.
struct Publications {
  std::map<std::string, Publication> by_name{};
  /// The replication slots through which subscribers (of PostgreSQL's own logical replication) read
  /// this database, without those of a table's first copy. Which publication each is for, the
  /// server does not keep.
  std::vector<std::string> slots{};
};

}  // namespace aloft
