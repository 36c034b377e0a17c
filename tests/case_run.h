#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cli/compare.h"
#include "tests/case_folders.h"
#include "tests/support/test_database.h"

namespace aloft::test {

/// What differs, a line for each object.
std::string describe(const Comparison&);

/// Loads a case's file with psql. Roles are the cluster's: those of the cases are made once, and
/// what the files say of them is aloft's alone.
void load(const TestDatabase& database, const std::string& file);

/// The plan that leads the session's database to the file, and the session out of its transaction.
/// Fails the test and returns an empty plan where there is none.
Plan plan_for(Session& session, const std::string& file);

/// Plans and carries out the file, phase contract too. Fails the test where that does not end well.
void apply_file(const TestDatabase& database, const std::string& file);

/// Planning the file ends in the diagnostic `code` instead of a plan.
void expect_refused(const TestDatabase& database, const std::string& file, const std::string& code);

/// Planning the file finds nothing to do.
void expect_no_changes(const TestDatabase& database, const std::string& file);

/// Both databases hold the same schema.
void expect_same_schema(const TestDatabase& database, const TestDatabase& fresh);

/// Rows of each table itself, without those of its partitions and children, by name.
std::map<std::string, std::int64_t> rows_of(const TestDatabase& database);

/// The same, where a table with partitions has the rows of all of them.
std::map<std::string, std::int64_t> rows_with_partitions_of(const TestDatabase& database);

/// The case's from.sql with the rows of its seed.sql.
void load_with_rows(const TestDatabase& database, const CaseFolder& c);

/// No table that both have has lost rows.
void expect_rows_kept(const std::map<std::string, std::int64_t>& before,
                      const std::map<std::string, std::int64_t>& after);

}  // namespace aloft::test
