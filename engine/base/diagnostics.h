#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source.h"

namespace aloft {

enum class Severity { Error, Warning };

/// Something to tell the user about their input. Never thrown: a run reports all of them.
struct Diagnostic {
  Severity severity = Severity::Error;
  std::string_view code{};  ///< stable and documented in docs/diagnostics.md, e.g. "unknown-type"
  std::string message{};    ///< what is wrong, with the name of the thing
  std::string remedy{};     ///< what to do about it
  SourcePos at{};
};

/// What a run has to say about its input, all of it.
class Diagnostics {
 public:
  void error(std::string_view code, std::string message, std::string remedy, SourcePos at);
  void warning(std::string_view code, std::string message, std::string remedy, SourcePos at);
  bool has_errors() const;
  bool empty() const { return all_.empty(); }
  /// Sorted by file, line and column; equal ones once.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
};

/// "file:line:column: error: message [code]", the line with a caret, and the remedy.
std::string to_string(const Diagnostic& diagnostic, const Sources& sources);

}  // namespace aloft
