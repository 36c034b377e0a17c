#include "engine/execute/direct_connection.h"

#include "engine/db/db_error.h"

namespace aloft {
namespace {

/// Which server session answers, and does it know the mark that was set?
Row who_answers(Session& session) {
  const Rows rows = session.query(
      "SELECT pg_backend_pid(), coalesce(current_setting('aloft.session_mark', true), '')");
  return rows.empty() ? Row{} : rows[0];
}

}  // namespace

std::string pooler_between(Session& session,
                           const std::function<std::unique_ptr<Session>()>& second) {
  session.query("SELECT set_config('aloft.session_mark', pg_backend_pid()::text, false)");
  const Row before = who_answers(session);
  std::unique_ptr<Session> other;
  try {
    if (second) other = second();
    if (other) {
      other->execute("BEGIN");
      other->query("SELECT 1");
    }
  } catch (const DbError&) {
    // No second connection is to be had: then the first is asked twice all the same.
    other.reset();
  }
  const Row after = who_answers(session);
  if (other) other->execute("ROLLBACK");
  const bool marked = after.empty() || after[0] == after.at(1);
  if (before == after && marked) return "";
  return "this connection goes through a pooler that gives each transaction another server "
         "session; a "
         "run needs one of its own: connect to the server itself, or to a pool in session mode";
}

}  // namespace aloft
