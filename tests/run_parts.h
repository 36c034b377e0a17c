#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/execute/executor.h"
#include "tests/support/recording_observer.h"

namespace aloft::test {

/// What a statement of a run belongs to.
enum class RunPart {
  Journal,   ///< opening or closing the run
  Expand,    ///< a short transaction before contract
  Batch,     ///< rows in batches
  Alone,     ///< a statement that refuses a transaction: CONCURRENTLY
  Validate,  ///< VALIDATE CONSTRAINT
  CutOver,   ///< of phase contract, up to the soak
  Contract,  ///< of phase contract, after it
};
inline constexpr RunPart kRunParts[] = {RunPart::Journal, RunPart::Expand,   RunPart::Batch,
                                        RunPart::Alone,   RunPart::Validate, RunPart::CutOver,
                                        RunPart::Contract};

/// Records of each statement of a run what part it belongs to, in a session that counts statements
/// as FaultySession does. The run is to be heard by it too.
class PartRecorder : public Session, public RecordingObserver {
 public:
  explicit PartRecorder(std::unique_ptr<Session> real) : real_(std::move(real)) {}
  const std::vector<RunPart>& parts() const { return parts_; }

  void step_started(const Step& step) override;
  void step_finished(const Step&, std::int64_t) override { now_ = RunPart::Journal; }

  Rows query(const std::string& sql) override { return recorded().query(sql); }
  void execute(const std::string& sql) override { recorded().execute(sql); }
  std::vector<Rows> pipeline(const std::vector<std::string>& statements) override {
    return recorded().pipeline(statements);
  }
  void copy_out(const std::string& copy,
                const std::function<void(std::string_view)>& sink) override {
    recorded().copy_out(copy, sink);
  }
  int server_version() const override { return real_->server_version(); }
  void cancel() override { real_->cancel(); }

 private:
  Session& recorded() {
    parts_.push_back(now_);
    return *real_;
  }

  std::unique_ptr<Session> real_;
  std::vector<RunPart> parts_;
  RunPart now_ = RunPart::Journal;
  bool soaked_ = false;
};

/// The statements, counted from 0, of one part.
std::vector<int> statements_of(const std::vector<RunPart>& parts, RunPart part);

}  // namespace aloft::test
