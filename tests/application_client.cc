#include "tests/application_client.h"

#include <chrono>

#include "engine/db/db_error.h"

namespace aloft::test {
namespace {

/// Of twelve transactions, how many are of a kind: see write().
constexpr int kKinds = 12;

}  // namespace

Application::Client::Client(Application& application, unsigned seed)
    : application_(application), session_(application.database_.connect()), random_(seed) {
  session_->execute("SET application_name = 'shop'");
  session_->execute("SET search_path = public");
  session_->execute(
      "PREPARE raise AS UPDATE orders SET amount = amount + 1 WHERE id = $1 RETURNING 1");
}

void Application::Client::work() {
  while (!application_.over_) {
    const std::mt19937 before = random_;
    try {
      once();
      ++phase().transactions;
      ++application_.transactions_;
    } catch (const DbError& error) {
      session_->execute("ROLLBACK");
      if (serializable_ && error.sqlstate == "40001") {
        ++phase().serialization_failures;
        random_ = before;  // the same transaction again
        continue;
      }
      const std::lock_guard lock(application_.mutex_);
      application_.errors_.push_back(error.what());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(application_.habits_.think_ms));
  }
}

PhaseSeen& Application::Client::phase() {
  const std::size_t now = application_.phase_;
  if (seen_.size() <= now) seen_.resize(now + 1);
  return seen_[now];
}

int Application::Client::any(int most) {
  return std::uniform_int_distribution<int>(1, most)(random_);
}

std::string Application::Client::customer() {
  return std::to_string(any(application_.habits_.customers()));
}

/// A statement counts for the phase in which it was sent.
Rows Application::Client::say(const std::string& statement) {
  PhaseSeen& phase_then = phase();
  const auto start = std::chrono::steady_clock::now();
  Rows rows = session_->query(statement);
  phase_then.statement_ms.push_back(
      std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - start).count());
  return rows;
}

/// The second record follows only where the first write hit a row.
void Application::Client::record(const Rows& hit, const std::string& statement) {
  if (!hit.empty()) say(statement);
}

void Application::Client::once() {
  const std::string id = std::to_string(any(application_.habits_.rows));
  const int what = any(kKinds);
  serializable_ = any(4) == 1;
  session_->execute(serializable_ ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN");
  if (write(what, id))
    say("COMMIT");
  else
    session_->execute("ROLLBACK");
}

/// False where it is to be rolled back.
bool Application::Client::write(int what, const std::string& id) {
  switch (what) {
    case 1:
    case 2: insert_order(id); break;
    case 3:
      record(say("UPDATE orders SET amount = amount + 2 WHERE id = " + id + " RETURNING 1"),
             "UPDATE ledger SET amount = amount + 2 WHERE id = " + id);
      break;
    case 4:
      // A row that was not there to be locked may be there for the second statement.
      say("SELECT 1 FROM orders WHERE id = " + id + " FOR UPDATE");
      record(say("EXECUTE raise(" + id + ")"),
             "UPDATE ledger SET amount = amount + 1 WHERE id = " + id);
      break;
    case 5: say("UPDATE orders SET note = 'n' || id WHERE id = " + id); break;
    case 6:
      record(say("DELETE FROM orders WHERE id = " + id + " RETURNING 1"),
             "DELETE FROM ledger WHERE id = " + id);
      break;
    case 7: put_order(id); break;
    case 8: say("UPDATE orders SET amount = 0 WHERE id = " + id); return false;
    case 9:
      say("INSERT INTO items (order_id, quantity) SELECT id, 1 FROM orders WHERE id = " + id +
          " FOR KEY SHARE");
      break;
    case 10: say("UPDATE items SET quantity = quantity + 1 WHERE id = " + id); break;
    default:
      say("SELECT count(*), sum(amount) FROM orders WHERE customer_id = " + customer());
      break;
  }
  return true;
}

/// The lock keeps the parent there until the foreign key has looked at it.
void Application::Client::insert_order(const std::string& parent) {
  const bool label = application_.new_application_;
  const Rows made = say(std::string("INSERT INTO orders (customer_id, parent, amount") +
                        (label ? ", label" : "") + ") VALUES (" + customer() +
                        ", (SELECT id FROM orders WHERE id = " + parent + " FOR KEY SHARE), 3" +
                        (label ? ", 'new'" : "") + ") RETURNING id");
  record(made, "INSERT INTO ledger VALUES (" + made.at(0).at(0).value_or("") + ", 3)");
}

void Application::Client::put_order(const std::string& id) {
  const bool label = application_.new_application_;
  record(say(std::string("INSERT INTO orders (id, customer_id, amount") + (label ? ", label" : "") +
             ") VALUES (" + id + ", " + customer() + ", 5" + (label ? ", 'new'" : "") +
             ") ON CONFLICT (id) DO UPDATE SET amount = 5 RETURNING 1"),
         "INSERT INTO ledger VALUES (" + id + ", 5) ON CONFLICT (id) DO UPDATE SET amount = 5");
}

}  // namespace aloft::test
