#include "engine/introspect/settle.h"

#include <span>

#include "engine/db/db_error.h"
#include "engine/introspect/same_plan.h"

namespace aloft {
namespace {

std::string explain(const std::string& select) {
  return "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) " + select;
}

/// One round trip. The savepoint keeps the transaction of introspect() usable when a probe is
/// refused; SET LOCAL ends with it.
std::vector<Verdict> ask_all(Session& session, std::span<const Probe> probes,
                             const std::string& search_path) {
  std::vector<std::string> statements{"SAVEPOINT aloft_probe",
                                      "SET LOCAL statement_timeout = '10s'"};
  if (!search_path.empty()) statements.push_back("SET LOCAL search_path = " + search_path);
  const std::size_t first = statements.size();
  for (const Probe& probe : probes) {
    statements.push_back(explain(probe.desired_sql));
    statements.push_back(explain(probe.live_sql));
  }
  statements.emplace_back("ROLLBACK TO SAVEPOINT aloft_probe");
  statements.emplace_back("RELEASE SAVEPOINT aloft_probe");
  const auto answers = session.pipeline(statements);
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto plan = [&](std::size_t statement) {
      return answers[statement].at(0).at(0).value_or("");
    };
    const bool same = same_plan(plan(first + 2 * i), plan(first + 2 * i + 1));
    verdicts.push_back(same ? Verdict::Same : Verdict::Different);
  }
  return verdicts;
}

/// Halves until each refused probe stands alone: few round trips when few are refused.
void ask(Session& session, std::span<const Probe> probes, const std::string& search_path,
         std::vector<Verdict>& verdicts) {
  if (probes.empty()) return;
  try {
    const auto answers = ask_all(session, probes, search_path);
    verdicts.insert(verdicts.end(), answers.begin(), answers.end());
    return;
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
  }
  session.pipeline({"ROLLBACK TO SAVEPOINT aloft_probe", "RELEASE SAVEPOINT aloft_probe"});
  if (probes.size() == 1) {
    verdicts.push_back(Verdict::Unknown);
    return;
  }
  const std::size_t half = probes.size() / 2;
  ask(session, probes.first(half), search_path, verdicts);
  ask(session, probes.subspan(half), search_path, verdicts);
}

}  // namespace

std::vector<Verdict> ask_server(Session& session, const std::vector<Probe>& probes,
                                const std::string& search_path) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(probes.size());
  ask(session, probes, search_path, verdicts);
  return verdicts;
}

std::set<TypePair> missing_casts(Session& session, const std::set<TypePair>& pairs) {
  std::set<TypePair> missing;
  for (const auto& [from, to] : pairs) {
    try {
      session.pipeline({"SAVEPOINT aloft_probe", explain("SELECT NULL::" + from + "::" + to),
                        "RELEASE SAVEPOINT aloft_probe"});
    } catch (const DbError& error) {
      if (error.is_connection_lost()) throw;
      if (error.sqlstate == "42846") missing.insert({from, to});
      session.pipeline({"ROLLBACK TO SAVEPOINT aloft_probe", "RELEASE SAVEPOINT aloft_probe"});
    }
  }
  return missing;
}

}  // namespace aloft
