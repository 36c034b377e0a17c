#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/sql.h"
#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// Stands after the first word of statements of aloft that name what a plan takes away and are no
/// steps of it. pg_stat_statements keeps comments, but from PostgreSQL 18 on none before that word.
inline constexpr std::string_view kOwnMark = "/* aloft */";

/// A statement that was called since the baseline, by pg_stat_statements.
struct CalledStatement {
  std::string text{};  ///< constants are $1, $2, ...
  std::string login{};
  std::int64_t calls = 0;
};

/// An index that was scanned since the baseline, by pg_stat_user_indexes.
struct ScannedIndex {
  std::string schema{}, name{};
  std::int64_t scans = 0;
  std::string last_scan{};  ///< a time as the server prints it; "" before PostgreSQL 16
};

/// What was used since the baseline of a run was taken.
struct Usage {
  std::string since{};  ///< when it was taken, as the server prints it; "" where there is none
  std::string
      no_statements{};      ///< why nothing is known of statements, and what to do; "" where it is
  std::int64_t hidden = 0;  ///< entries of other logins, which this one may not read
  std::vector<CalledStatement> statements{};
  std::vector<ScannedIndex> indexes{};
};

/// The indexes that steps of phase contract drop and that are not `done`.
std::vector<QualifiedName> dropped_indexes(const Plan& plan, const std::vector<std::string>& done);

/// Keeps in the journal how often each statement of pg_stat_statements was called and each index
/// that contract is to drop was scanned until now, as the baseline of the run. An earlier one is
/// replaced. Without the extension that of the indexes alone. Scans of the last ten seconds may be
/// missing in it: sessions report theirs now and then (14 to 18).
/// `run`: the run's row as a FROM item `r`, see Journal::ours(); false where it has no row.
/// Throws DbError.
bool take_baseline(Session& session, const Plan& plan, const Sql& run);
bool has_baseline(Session& session, const std::string& run);

/// What was used since the baseline of run `run`: statements of this database whose text holds one
/// of `words`, whatever the case, most called first, and the indexes named. An entry of
/// pg_stat_statements that was thrown out and made again meanwhile counts from zero. With
/// pg_stat_statements.track = all, statements of functions are there too; those of foreign keys,
/// which the server makes itself, are left out. Throws DbError.
///
/// No version up to 18 says when a statement was last called: stats_since (17) is when its counting
/// began.
Usage read_usage(Session& session, const std::string& run, const std::vector<std::string>& words,
                 const std::vector<QualifiedName>& indexes);

}  // namespace aloft
