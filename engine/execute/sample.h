#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// How the rows of a sample of a table's blocks were found.
struct Sample {
  std::string table{};              ///< quoted and qualified
  std::string what{};               ///< between what the rows should agree, for people
  std::int64_t percent = 0;         ///< of the table's blocks; 0 for less than one
  std::int64_t rows = 0;            ///< looked at
  std::int64_t differ = 0;          ///< of those
  std::vector<std::string> keys{};  ///< of the first ones that differ: "id=7", or "ctid=(0,1)",
                                    ///< after its partition
  std::string failed{};             ///< why it could not be looked at; "" where it was

  bool is_good() const { return differ == 0 && failed.empty(); }
};

/// Looks, in a sample of the rows, whether those agreements of the plan hold whose triggers are
/// there, enabled or not. The rows are those of some blocks of the trigger's table and its
/// partitions (TABLESAMPLE SYSTEM: all of a table of up to 32 MB, else about that much of it);
/// those differ for which the condition is false. Takes five seconds at most for a try, and after
/// one that took longer a tenth of the blocks, twice. A row that row level security would hide is
/// an error, as then the sample would say too little. Outside a transaction; throws DbError when
/// the connection is lost.
std::vector<Sample> sample_agreements(Session& session, const Plan& plan);

}  // namespace aloft
