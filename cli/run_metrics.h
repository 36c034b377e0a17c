#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/run_figures.h"

namespace aloft {

/// One series: labels and value.
struct Series {
  std::map<std::string, std::string> labels{};
  double value = 0;
};

/// A metric as Prometheus has it. One without series is not told.
struct Metric {
  enum class Type { Gauge, Counter };
  Type type = Type::Gauge;
  std::string name{};  ///< with its unit; a counter's ends in _total
  std::string help{};
  std::vector<Series> series{};
};

/// The figures as metrics, in base units: seconds, bytes. What is not known has no series.
std::vector<Metric> run_metrics(const RunFigures& figures);

}  // namespace aloft
