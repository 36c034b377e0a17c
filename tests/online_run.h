#pragma once

#include <string>

#include "engine/execute/executor.h"
#include "tests/case_run.h"

namespace aloft::test {

/// The plan that leads the database to the file as if its tables were large: what copies data is
/// done beside the running application.
Plan online_plan(Session& session, const std::string& file);

/// Carries a plan out, in small batches. `soak_ms`: how long contract keeps both applications'
/// writes.
Outcome run_online(const Plan& plan, Session& session, bool contract,
                   const std::string& undoes = {}, std::int64_t soak_ms = 0);

/// The same to the end of phase contract, heard by an observer.
Outcome run_online(const Plan& plan, Session& session, Observer& observer,
                   const std::string& undoes = {});

/// Of a sample of the rows, in the middle of the traffic: so many things agree that the plan says
/// of them.
void expect_agreement(const TestDatabase& database, const Plan& plan, std::size_t count);

/// What is under way is taken back, to the state before it.
void take_back(const TestDatabase& database);

/// The values of all columns as text, whatever their order: "s.t.c" -> a hash.
std::map<std::string, std::string> values_of(const TestDatabase& database);

/// They are what they were where nothing hit a run of the case; a value that a default drew for a
/// row is another one when it is drawn again.
void expect_values(const std::map<std::string, std::string>& right, const TestDatabase& database,
                   const CaseFolder& of);

}  // namespace aloft::test
