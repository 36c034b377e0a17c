#include "cli/exposition.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

#include "engine/base/file_reader.h"

namespace aloft {
namespace {

void add(prometheus::Registry& registry, const Metric& metric) {
  switch (metric.type) {
    case Metric::Type::Gauge: {
      auto& family =
          prometheus::BuildGauge().Name(metric.name).Help(metric.help).Register(registry);
      for (const Series& one : metric.series) family.Add(one.labels, one.value);
      return;
    }
    case Metric::Type::Counter: {
      auto& family =
          prometheus::BuildCounter().Name(metric.name).Help(metric.help).Register(registry);
      for (const Series& one : metric.series) family.Add(one.labels).Increment(one.value);
      return;
    }
  }
}

/// A registry of this moment alone, so that what is no longer known is no longer told.
std::vector<prometheus::MetricFamily> families_of(const std::vector<Metric>& metrics) {
  prometheus::Registry registry;
  for (const Metric& metric : metrics)
    if (!metric.series.empty()) add(registry, metric);
  std::vector<prometheus::MetricFamily> families = registry.Collect();
  for (prometheus::MetricFamily& family : families)
    std::ranges::sort(family.metric, {}, [](const prometheus::ClientMetric& one) {
      std::vector<std::pair<std::string, std::string>> labels;
      for (const auto& label : one.label) labels.emplace_back(label.name, label.value);
      return labels;
    });
  return families;
}

class Source : public prometheus::Collectable {
 public:
  explicit Source(std::function<std::vector<Metric>()> metrics) : metrics_(std::move(metrics)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return families_of(metrics_()); }

 private:
  std::function<std::vector<Metric>()> metrics_;
};

}  // namespace

std::string exposition_text(const std::vector<Metric>& metrics) {
  return prometheus::TextSerializer().Serialize(families_of(metrics));
}

/// The exposer holds its source weakly, and goes first.
struct ScrapeServer::Parts {
  std::shared_ptr<Source> source;
  prometheus::Exposer exposer;
};

ScrapeServer::ScrapeServer(const std::string& address,
                           std::function<std::vector<Metric>()> metrics) {
  try {
    constexpr std::size_t kThreads = 2;
    parts_.reset(new Parts{std::make_shared<Source>(std::move(metrics)),
                           prometheus::Exposer(address, kThreads)});
  } catch (const std::runtime_error&) {  // the library tells no more than that
    throw IoError("cannot listen on " + address +
                  " for --metrics-listen: the port is taken, or the host is none of this machine\n"
                  "  -> choose another port, or stop what listens there; nothing was changed");
  }
  parts_->exposer.RegisterCollectable(parts_->source);
}

ScrapeServer::~ScrapeServer() = default;

int ScrapeServer::port() const {
  const std::vector<int> ports = parts_->exposer.GetListeningPorts();
  return ports.empty() ? 0 : ports[0];
}

}  // namespace aloft
