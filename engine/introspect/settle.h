#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/db/session.h"

namespace aloft {

/// Two SELECTs that are the same for the server or not. `compare_output` alone for expressions;
/// the whole plan for queries.
struct Probe {
  std::string desired_sql{}, live_sql{};
};

enum class Verdict { Same, Different, Unknown };

/// Asks the server about each pair with EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) inside the READ
/// ONLY transaction that introspect() left open: parse analysis, coercion, function lookup and
/// constant folding by the real server, no lock, no table privilege (the probes select from typed
/// NULL rows). All in one round trip when nothing fails; a pair that the server refuses is Unknown.
/// statement_timeout applies. The answers are in the order of the probes. `search_path`, as SET
/// takes it: where desired texts find what they name without a schema; "" leaves the session's.
std::vector<Verdict> ask_server(Session& session, const std::vector<Probe>& probes,
                                const std::string& search_path = "");

using TypePair = std::pair<std::string, std::string>;
/// Those of the pairs of types, from and to, between which the server has no cast, explicit ones
/// included; a type that it does not know yet is no answer. In the same transaction, the same way.
std::set<TypePair> missing_casts(Session& session, const std::set<TypePair>& pairs);

}  // namespace aloft
