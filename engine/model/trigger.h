#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// A trigger of a table or view; clones on partitions and the server's own are left out.
struct Trigger {
  static constexpr Kind kKind = Kind::Trigger;
  /// All of CREATE [CONSTRAINT] TRIGGER after the trigger's name, as pg_get_triggerdef() prints it:
  /// "BEFORE INSERT OR UPDATE OF a ON s.t FOR EACH ROW WHEN (...) EXECUTE FUNCTION s.f('x')".
  SqlText definition{};
  bool constraint = false;
  char enabled = 'O';  ///< pg_trigger.tgenabled: 'O'rigin, 'D'isabled, 'R'eplica, 'A'lways
  std::string comment{};

  // Read out of `definition` on both sides and not compared.
  std::vector<std::string> columns{};  ///< UPDATE OF columns and those that WHEN names
  Name function{};
  std::string renamed_from{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"definition", &Trigger::definition},
                      Field{"constraint", &Trigger::constraint},
                      Field{"enabled", &Trigger::enabled}, Field{"comment", &Trigger::comment}};
  }
};

}  // namespace aloft
