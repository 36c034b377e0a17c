#include "tests/run_parts.h"

namespace aloft::test {
namespace {

RunPart part_of(const Step& step, bool soaked) {
  if (!step.batch.empty()) return RunPart::Batch;
  if (!step.transactional) return RunPart::Alone;
  if (step.phase == Phase::Contract) return soaked ? RunPart::Contract : RunPart::CutOver;
  if (step.check.what == StepCheck::What::ConstraintValidated) return RunPart::Validate;
  return RunPart::Expand;
}

}  // namespace

void PartRecorder::step_started(const Step& step) {
  soaked_ = soaked_ || step.after_soak;
  now_ = part_of(step, soaked_);
}

std::vector<int> statements_of(const std::vector<RunPart>& parts, RunPart part) {
  std::vector<int> found;
  for (std::size_t at = 0; at < parts.size(); ++at)
    if (parts[at] == part) found.push_back(static_cast<int>(at));
  return found;
}

}  // namespace aloft::test
