#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "cli/exposition.h"
#include "cli/options.h"
#include "cli/run_figures.h"

namespace aloft {

/// Where the metrics of a run go: a file, a port, both or nowhere. It is made before anything is
/// done, so that what is wrong with either is said before the first step.
class MetricsOutput {
 public:
  using Figures = std::function<RunFigures()>;

  /// Throws IoError: the folder of --metrics is not there or not to be written, the port of
  /// --metrics-listen is taken. A file that is there stays as it is until a run begins.
  explicit MetricsOutput(const CommandOptions& options);
  ~MetricsOutput();
  MetricsOutput(const MetricsOutput&) = delete;
  MetricsOutput& operator=(const MetricsOutput&) = delete;

  /// From now on the figures are served, and written every second and once more at the end; until
  /// then a scrape finds nothing of aloft. `figures` is called from other threads.
  void start(Figures figures);
  /// Writes the last figures. A file that can no longer be written is told on stderr, once, and
  /// stops nothing.
  void stop();

 private:
  std::vector<Metric> metrics();
  void keep_written();
  void write();

  const std::string file_;
  std::mutex mutex_;  ///< of what follows
  std::condition_variable over_;
  Figures figures_{};
  bool ended_ = false;
  bool told_ = false;  ///< that the file cannot be written; of the writing thread
  std::thread writer_{};
  std::unique_ptr<ScrapeServer> server_{};
};

}  // namespace aloft
