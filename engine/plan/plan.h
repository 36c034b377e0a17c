#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/model/object_id.h"
#include "engine/plan/application_note.h"
#include "engine/plan/hazard.h"
#include "engine/plan/lock_level.h"

namespace aloft {

enum class Phase : std::uint8_t { Expand, Backfill, Contract };

constexpr std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::Expand: return "expand";
    case Phase::Backfill: return "backfill";
    case Phase::Contract: return "contract";
  }
  return "";
}

/// A lock that a step takes on a relation that exists before the step.
struct RelationLock {
  std::string relation{};  ///< quoted and qualified
  LockLevel level = LockLevel::None;
  bool operator==(const RelationLock&) const = default;
};

/// The fact of the catalog that says whether a step's work is there already. A non-transactional
/// step is settled by it before and after it runs; a transactional one needs none, as its journal
/// row commits with it.
struct StepCheck {
  enum class What : std::uint8_t {
    None,
    IndexValid,           ///< index schema.name is there and valid; an INVALID one is dropped first
    IndexGone,            ///< index schema.name is not there
    EnumLabel,            ///< type schema.name has the label `detail`
    PartitionDetached,    ///< table schema.name is no partition; a pending detach is FINALIZEd
    ConstraintValidated,  ///< constraint `detail` on schema.name is validated
  };
  What what = What::None;
  std::string schema{}, name{}, detail{};
  bool operator==(const StepCheck&) const = default;
};

/// A fact that a step which cannot be taken back stands on, asked again when its locks are held.
struct Proof {
  std::string sql{};   ///< a SELECT of one boolean
  std::string what{};  ///< what is true then, for people: "every row of s.t is copied"
  bool operator==(const Proof&) const = default;
};

/// A relation that goes by another name while a run is under way: a table behind a view that stands
/// in its place.
struct Alias {
  ObjectId now{}, otherwise{};
  auto operator<=>(const Alias&) const = default;
};

/// What is so of each row while a trigger of the run keeps it so, once the rows that were there
/// before the trigger are done: a sample of the rows can be asked.
struct Agreement {
  ObjectId trigger{};       ///< it counts as long as that is there
  std::string what{};       ///< between what, for people: "first_name and full_name"
  std::string condition{};  ///< over the columns of the trigger's table
  auto operator<=>(const Agreement&) const = default;
};

/// The unit of execution: one transaction, or one statement that refuses a transaction block, or
/// one UPDATE in batches.
struct Step {
  std::string id{};  ///< "1", "2", ... in the order of the plan
  Phase phase = Phase::Expand;
  ObjectId object{};               ///< what the step is about
  std::vector<std::string> sql{};  ///< the statements, without semicolons, in order
  bool transactional = true;       ///< false: exactly one statement, outside a transaction
  /// The table, quoted and qualified, by whose blocks the step's one UPDATE (or INSERT from it) is
  /// cut into transactions of its own. Its WHERE comes last or has kBlocksGoHere (batch_text.h); a
  /// row that is done is passed over. Empty: one piece.
  std::string batch{};
  StepCheck check{};
  /// Checked after the first statement, which takes the locks; the step fails where one is not
  /// true.
  std::vector<Proof> proofs{};
  std::vector<RelationLock> locks{};
  bool rewrites = false;               ///< a table is written anew
  bool scans = false;                  ///< a table or index is read in full
  std::int64_t rows = -1, bytes = -1;  ///< of what is rewritten or scanned; -1: nothing or unknown
  /// How long the strongest lock that blocks reads or writes is expected to be held, ms. 0: a
  /// moment.
  std::int64_t hold_ms = 0;
  std::int64_t duration_ms = 0;         ///< how long the step is expected to take, ms. 0: a moment
  std::int64_t lock_timeout_ms = 2000;  ///< 0: none
  std::int64_t statement_timeout_ms = 30000;  ///< 0: none
  std::vector<HazardNote> hazards{};
  std::vector<ApplicationNote> applications{};
  /// Statements that take it back, in one transaction but for these: LOCK TABLE begins another one;
  /// what refuses a transaction block, VALIDATE CONSTRAINT, and a DO in front are by themselves.
  std::vector<std::string> undo{};
  /// With `undo` empty: nothing of it needs taking back, or another step's undo does it too. Else
  /// an empty `undo` says that it cannot be taken back.
  bool undone_by_others = false;
  /// A run that is to soak waits before the first of these: they end the time in which both the old
  /// and the new application's writes are kept.
  bool after_soak = false;
  // For the planner alone; empty in a finished plan.
  bool prelude = false;  ///< goes ahead of the change that it prepares, in its own phase
  std::vector<ObjectId> scaffold{};  ///< what it makes for the time of the run, see Plan::scaffold
  std::vector<Alias> aliases{};      ///< see Plan::aliases
  std::vector<Agreement> agreements{};  ///< of the triggers that it makes
  /// Of an UPDATE in batches that may set other columns on its way: what it sets, and where.
  std::string sets{}, where{};
  std::string source{};  ///< file:line:column of the desired state; empty for drops
  std::string why{};     ///< a sentence for people

  bool operator==(const Step&) const = default;
};

/// A change as people read it: "alter", "column public.orders.note", "type, default".
struct PlannedChange {
  std::string action{};                ///< "create", "alter", "drop", "rename"
  std::string object{};                ///< to_string(ObjectId)
  std::vector<std::string> details{};  ///< the fields, "type: integer -> bigint" where short
  bool maybe_cosmetic = false;
  std::string source{};
  bool operator==(const PlannedChange&) const = default;
};

/// Data: everything that people, bots and the executor need to know, and nothing that needs a
/// connection. The same input gives the same bytes.
struct Plan {
  int format = 1;
  std::string tool_version{};
  std::string server_version{};
  std::string id{};  ///< plan_hash() of the content without the id
  /// to_string(ObjectId) -> hash of the live object, for each object that the plan touches or
  /// relies on; "" for one that must not be there.
  std::map<std::string, std::string> fingerprints{};
  std::vector<PlannedChange> changes{};
  std::vector<Step> steps{};
  /// What is there only while the run is under way: shadow columns, their triggers, checks and
  /// indexes. A comparison does not see them.
  std::vector<ObjectId> scaffold{};
  /// What a comparison knows by its name of before and after, while the run is under way.
  std::vector<Alias> aliases{};
  /// What can be asked of the rows while the run waits.
  std::vector<Agreement> agreements{};
  /// to_string(ObjectId) -> fingerprint of the desired object, for each object that a run with a
  /// scaffold changes: what a comparison finds there until the run has ended.
  std::map<std::string, std::string> leads_to{};
  std::string search_path{};             ///< value for SET LOCAL search_path in every step
  std::vector<std::string> unmanaged{};  ///< "publication p": live, not managed by aloft
  std::vector<std::string> notes{};      ///< e.g. that the column order differs
  bool operator==(const Plan&) const = default;
};

}  // namespace aloft
