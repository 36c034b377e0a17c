#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/run_metrics.h"

namespace aloft {

/// The metrics in Prometheus' text format. Series of a metric are ordered by their labels.
std::string exposition_text(const std::vector<Metric>& metrics);

/// Answers GET /metrics with the metrics of that moment, from threads of its own, while it lives.
/// What the server itself counts (exposer_...) comes along.
class ScrapeServer {
 public:
  /// `address`: HOST:PORT, IPv6 in brackets; port 0: one that is free. Throws IoError where it
  /// cannot listen there.
  ScrapeServer(const std::string& address, std::function<std::vector<Metric>()> metrics);
  ~ScrapeServer();
  ScrapeServer(const ScrapeServer&) = delete;
  ScrapeServer& operator=(const ScrapeServer&) = delete;

  int port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace aloft
