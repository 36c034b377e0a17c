#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/execute/run_context.h"

namespace aloft {

void mark_restore_point(RunContext& run) {
  // "none: why" where there could be none, so that it is told once.
  if (!run.journal.read("restore_point").empty()) return;
  const std::string name = "aloft-" + run.journal.run() + "-contract";
  std::string kept;
  try {
    const Rows made =
        run.session.query(sql("SELECT pg_create_restore_point({})", Literal{name}).text);
    kept = name + " at " + (made.empty() ? "" : made[0].at(0).value_or(""));
    run.observer.note("restore point " + kept + ", before what cannot be taken back");
  } catch (const DbError& error) {
    if (error.is_connection_lost() || (error.is_canceled() && run.stop)) throw;
    kept = std::string("none: ") + error.what();
    kept = kept.substr(0, kept.find('\n'));
    run.observer.note("no restore point before what cannot be taken back: " + kept.substr(6));
  }
  run.journal.note("restore_point", kept);
}

}  // namespace aloft
