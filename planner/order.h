#pragma once

#include "planner/nodes.h"
#include "planner/step_graph.h"

namespace aloft {

/// All that has to come before something else: what the two sides' dependencies ask for, what is
/// remade around what, names that are taken, keys, parents and partitions.
StepGraph build_graph(const PlanRequest& request, const Fates& fates, const Nodes& nodes);

/// The rules that no dependency tells (order_rules.cc).
void add_rules(StepGraph& graph, const PlanRequest& request, const Fates& fates,
               const Nodes& nodes);

/// What a function's text names is made before it, if that can be: PostgreSQL does not ask for it,
/// but whatever runs the function while it is made (a materialized view) does (order_mentions.cc).
void add_mentions(StepGraph& graph, const PlanRequest& request, const Fates& fates,
                  const Nodes& nodes);

/// Which of several actions comes first where nothing forces an order: kinds in the order of their
/// making, then ids; drops last, the other way round.
std::vector<std::int64_t> ranks_of(const PlanRequest& request, const Nodes& nodes);

/// Can a row belong to both of two partitions of one table? Yes where it cannot be told.
bool bounds_may_overlap(const std::string& a, const std::string& b);
/// Is there a place in the second partition for every row of the first? No where it cannot be told.
bool bound_within(const std::string& a, const std::string& b);

}  // namespace aloft
