#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// How large a table or materialized view is, by the live statistics.
struct RelationSize {
  std::int64_t rows = 0;         ///< pg_class.reltuples; -1: never analysed
  std::int64_t bytes = 0;        ///< heap, by relpages
  std::int64_t index_bytes = 0;  ///< all of its indexes
};

/// What planning may know of the live side besides its schema.
struct Facts {
  int server_version = 150000;  ///< server_version_num
  std::string server_version_text{};
  std::string user{};  ///< current_user
  bool superuser = false;
  std::string database{};
  std::map<ObjectId, RelationSize> sizes{};  ///< by table_id(); also materialized views
  /// Types, live and desired, that columns are to change between and the server has no cast for.
  std::set<std::pair<std::string, std::string>> missing_casts{};
  /// Checks, exclusions and indexes that ALTER TABLE ... TYPE would make again with a cast that the
  /// old type of a column asked for, where the files say none.
  std::set<ObjectId> kept_casts{};
  /// Live default privileges would add grants to new objects: true makes creation say its
  /// privileges in full.
  bool default_privileges = false;
};

/// Names that exist without the files: pg_catalog and the members of installed extensions. Offline
/// all are empty and nothing is said to be unknown.
struct KnownNames {
  bool online = false;
  /// schema of an extension's members -> names; pg_catalog's under "pg_catalog".
  std::map<std::string, std::vector<std::string>> types{}, functions{}, operators{}, opclasses{},
      collations{}, relations{}, search_parsers{}, search_templates{}, search_dictionaries{},
      search_configurations{};
  std::vector<std::string> installed_extensions{}, roles{}, tablespaces{}, access_methods{};
};

}  // namespace aloft
