#include "cli/metrics_output.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <regex>

#include "engine/base/file_reader.h"

namespace aloft {
namespace {

namespace fs = std::filesystem;

/// A whole file or none: the text in a file beside it, which then takes its name. node_exporter
/// reads *.prom alone, so that it does not find the other.
void replace_file(const std::string& path, const std::string& text) {
  const std::string beside = path + "." + std::to_string(getpid()) + ".tmp";
  std::error_code error;
  try {
    write_file(beside, text);
    fs::rename(beside, path);
  } catch (const fs::filesystem_error& failed) {
    fs::remove(beside, error);
    throw IoError("cannot write " + path + ": " + failed.code().message());
  } catch (const IoError&) {
    fs::remove(beside, error);
    throw;
  }
}

/// Can the file be written, without touching it?
void check_file(const std::string& path) {
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (!fs::is_directory(folder))
    throw IoError("--metrics " + path + ": there is no folder " + folder.string() +
                  "\n  -> make it first; nothing was changed");
  if (fs::is_directory(path))
    throw IoError("--metrics " + path +
                  " is a folder\n  -> name a file in it, ending in .prom; nothing was changed");
  const std::string trial = path + "." + std::to_string(getpid()) + ".tmp";
  write_file(trial, "");
  fs::remove(trial);
}

/// The library takes lists of ports and suffixes besides: refused, as are numbers that are no port.
void check_address(const std::string& address) {
  static const std::regex shape(R"((\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5}))");
  std::smatch parts;
  constexpr int kHighest = 65535;
  if (!std::regex_match(address, parts, shape) || std::stoi(parts[2]) > kHighest)
    throw IoError("--metrics-listen \"" + address +
                  "\" is not HOST:PORT, like 127.0.0.1:9187\n  -> mend it; nothing was changed");
}

}  // namespace

MetricsOutput::MetricsOutput(const CommandOptions& options) : file_(options.metrics_file) {
  if (!file_.empty()) check_file(file_);
  const std::string& address = options.metrics_listen;
  if (address.empty()) return;
  check_address(address);
  server_ = std::make_unique<ScrapeServer>(address, [this] { return metrics(); });
  std::fprintf(stderr, "aloft: metrics at http://%s:%d/metrics\n",
               address.substr(0, address.rfind(':')).c_str(), server_->port());
}

MetricsOutput::~MetricsOutput() {
  stop();
}

void MetricsOutput::start(Figures figures) {
  const std::lock_guard lock(mutex_);
  figures_ = std::move(figures);
  if (!file_.empty()) writer_ = std::thread([this] { keep_written(); });
}

void MetricsOutput::stop() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  over_.notify_all();
  if (writer_.joinable()) writer_.join();
  const std::lock_guard lock(mutex_);
  figures_ = nullptr;
}

std::vector<Metric> MetricsOutput::metrics() {
  const std::lock_guard lock(mutex_);
  return figures_ ? run_metrics(figures_()) : std::vector<Metric>{};
}

void MetricsOutput::keep_written() {
  constexpr auto kEvery = std::chrono::seconds(1);
  for (bool last = false; !last;) {
    write();
    std::unique_lock lock(mutex_);
    last = over_.wait_for(lock, kEvery, [this] { return ended_; });
  }
  write();
}

void MetricsOutput::write() {
  const std::vector<Metric> now = metrics();
  if (now.empty()) return;
  try {
    replace_file(file_, exposition_text(now));
  } catch (const IoError& error) {
    if (!told_) std::fprintf(stderr, "aloft: %s; the run goes on without\n", error.what());
    told_ = true;
  }
}

}  // namespace aloft
