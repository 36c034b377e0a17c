#include "engine/db/session.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>

#include "engine/db/db_error.h"

// libpq itself, and nowhere else: its pipeline mode is what sends many statements in one round trip
// and hands their results over one at a time.

namespace aloft {
namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGcancel* handle) const { PQfreeCancel(handle); }
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Finish>;

// One SELECT, so that it costs one round trip. Startup options would save it, but a connection
// pooler refuses them, and those that the user's own connection string holds would be lost.
constexpr const char* kPins = R"(SELECT
 set_config('search_path', '', false), set_config('timezone', 'UTC', false),
 set_config('datestyle', 'ISO, MDY', false), set_config('intervalstyle', 'postgres', false),
 set_config('bytea_output', 'hex', false), set_config('quote_all_identifiers', 'off', false),
 set_config('lc_monetary', 'C', false), set_config('extra_float_digits', '1', false),
 set_config('xmloption', 'content', false), set_config('application_name', 'aloft', false),
 set_config('client_encoding', 'UTF8', false),
 set_config('standard_conforming_strings', 'on', false),
 set_config('transform_null_equals', 'off', false), set_config('array_nulls', 'on', false),
 set_config('jit', 'off', false))";

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

/// The first 80 bytes on one line, cut between characters.
std::string excerpt(const std::string& sql) {
  constexpr std::size_t kLength = 80;
  std::string text = sql.substr(0, kLength);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  if (sql.size() > kLength && continues(sql[kLength])) {
    while (!text.empty() && continues(text.back())) text.pop_back();
    if (!text.empty()) text.pop_back();
  }
  std::ranges::replace(text, '\n', ' ');
  return sql.size() > kLength ? text + "..." : text;
}

/// libpq quotes what it cannot read in a connection string, which may be the password.
std::string without_quoted(const std::string& text) {
  std::string result;
  bool inside = false;
  for (const char c : text) {
    if (c == '"') inside = !inside;
    if (!inside)
      result += c == '"' ? "...\"" : std::string(1, c);
    else if (c == '"')
      result += c;
  }
  return result;
}

void check_conninfo(const std::string& conninfo) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, Finish> options(
      PQconninfoParse(conninfo.c_str(), &error));
  if (options) return;
  const std::string why = error != nullptr ? trimmed(without_quoted(error)) : "out of memory";
  PQfreemem(error);
  throw DbError("08001", "the connection string cannot be read: " + why);
}

Connection connect(const std::string& conninfo) {
  check_conninfo(conninfo);
  // Of a keyword that comes twice libpq takes the last: what stands before dbname is a default.
  const char* const patience = std::getenv("PGCONNECT_TIMEOUT");
  const std::array keywords{
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "dbname",
      "client_encoding",  "application_name", static_cast<const char*>(nullptr)};
  const std::array values{patience != nullptr ? patience : "10",
                          "10",
                          "5",
                          "4",
                          "30000",
                          conninfo.c_str(),
                          "UTF8",
                          "aloft",
                          static_cast<const char*>(nullptr)};
  constexpr int kExpandDbname = 1;
  Connection connection(PQconnectdbParams(keywords.data(), values.data(), kExpandDbname));
  if (!connection) throw DbError("08001", "out of memory while connecting");
  if (PQstatus(connection.get()) != CONNECTION_OK)
    throw DbError("08001", trimmed(PQerrorMessage(connection.get())));
  // The default processor writes to standard error.
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  return connection;
}

std::optional<std::string_view> field(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::nullopt;
  return std::string_view(PQgetvalue(result, row, column),
                          static_cast<std::size_t>(PQgetlength(result, row, column)));
}

void show_rows(const PGresult* result, std::size_t statement, const RowSink& sink) {
  std::vector<std::optional<std::string_view>> row(static_cast<std::size_t>(PQnfields(result)));
  for (int r = 0; r < PQntuples(result); ++r) {
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = field(result, r, static_cast<int>(c));
    sink(statement, row);
  }
}

class LibpqSession final : public Session {
 public:
  explicit LibpqSession(const std::string& conninfo)
      : connection_(connect(conninfo)), cancel_(PQgetCancel(connection_.get())) {
    execute(kPins);
  }

  Rows query(const std::string& sql) override {
    Rows rows;
    run(sql, [&](std::size_t, RowView row) { rows.emplace_back(row.begin(), row.end()); });
    return rows;
  }

  void execute(const std::string& sql) override {
    run(sql, [](std::size_t, RowView) {});
  }

  std::vector<Rows> pipeline(const std::vector<std::string>& statements) override {
    std::vector<Rows> all(statements.size());
    stream(statements, [&](std::size_t statement, RowView row) {
      all[statement].emplace_back(row.begin(), row.end());
    });
    return all;
  }

  void stream(const std::vector<std::string>& statements, const RowSink& sink) override;

  void copy_out(const std::string& copy,
                const std::function<void(std::string_view)>& sink) override;

  int server_version() const override { return PQserverVersion(connection_.get()); }

  void cancel() override {
    std::array<char, 256> why{};
    if (PQcancel(cancel_.get(), why.data(), static_cast<int>(why.size())) == 0)
      throw DbError("08006", "cannot cancel: " + trimmed(why.data()));
  }

 private:
  /// The extended protocol, which takes one statement and no more.
  void send(const std::string& sql) {
    if (PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                          0) == 0)
      throw lost(sql);
  }
  void run(const std::string& sql, const RowSink& sink);
  void take_results(const std::string& sql, std::size_t statement, const RowSink& sink,
                    std::exception_ptr& first);
  void take_sync(const std::string& last, std::exception_ptr& first);
  std::exception_ptr failure(const PGresult* result, const std::string& sql) const;
  DbError lost(const std::string& sql) const {
    return {PQstatus(connection_.get()) == CONNECTION_BAD ? "08006" : "08000",
            trimmed(PQerrorMessage(connection_.get())) + "\nwhile: " + excerpt(sql)};
  }

  Connection connection_;
  std::unique_ptr<PGcancel, Finish> cancel_;
};

std::exception_ptr LibpqSession::failure(const PGresult* result, const std::string& sql) const {
  const auto part = [&](int which) {
    const char* text = PQresultErrorField(result, which);
    return std::string(text != nullptr ? text : "");
  };
  const std::string sqlstate = part(PG_DIAG_SQLSTATE);
  if (sqlstate.empty()) return std::make_exception_ptr(lost(sql));
  std::string message = part(PG_DIAG_MESSAGE_PRIMARY);
  if (const auto detail = part(PG_DIAG_MESSAGE_DETAIL); !detail.empty())
    message += "\nDETAIL: " + detail;
  if (const auto hint = part(PG_DIAG_MESSAGE_HINT); !hint.empty()) message += "\nHINT: " + hint;
  return std::make_exception_ptr(DbError(sqlstate, message + "\nwhile: " + excerpt(sql)));
}

/// All results of one statement. Once something has failed the rest is only read off the wire.
void LibpqSession::take_results(const std::string& sql, std::size_t statement, const RowSink& sink,
                                std::exception_ptr& first) {
  while (const Result result{PQgetResult(connection_.get())}) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (first) {
      if (PQstatus(connection_.get()) == CONNECTION_BAD) return;
      continue;
    }
    if (status == PGRES_TUPLES_OK) {
      try {
        show_rows(result.get(), statement, sink);
      } catch (...) {
        first = std::current_exception();
      }
    } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
      first = failure(result.get(), sql);
    }
  }
}

void LibpqSession::run(const std::string& sql, const RowSink& sink) {
  send(sql);
  std::exception_ptr first;
  take_results(sql, 0, sink, first);
  if (first) std::rethrow_exception(first);
}

void LibpqSession::stream(const std::vector<std::string>& statements, const RowSink& sink) {
  if (statements.empty()) return;
  if (PQenterPipelineMode(connection_.get()) == 0) throw lost(statements.front());
  for (const auto& sql : statements) send(sql);
  if (PQpipelineSync(connection_.get()) == 0) throw lost(statements.back());
  std::exception_ptr first;
  for (std::size_t i = 0; i < statements.size(); ++i) take_results(statements[i], i, sink, first);
  take_sync(statements.back(), first);
  // A session that stays in pipeline mode would wait for its next answer for ever.
  if (PQexitPipelineMode(connection_.get()) == 0 && PQstatus(connection_.get()) == CONNECTION_OK)
    throw lost(statements.back());
  if (first) std::rethrow_exception(first);
}

/// What comes for the end of a pipeline. An error can come first: a timeout or a cancel that meets
/// the server when the last statement is done.
void LibpqSession::take_sync(const std::string& last, std::exception_ptr& first) {
  for (bool ended = false;;) {
    const Result result{PQgetResult(connection_.get())};
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return;
    if (result && !first) first = failure(result.get(), last);
    const bool nothing_more = ended && !result;
    if (nothing_more || PQstatus(connection_.get()) == CONNECTION_BAD) {
      if (!first) first = std::make_exception_ptr(lost(last));
      return;
    }
    ended = !result;
  }
}

void LibpqSession::copy_out(const std::string& copy,
                            const std::function<void(std::string_view)>& sink) {
  send(copy);
  const Result started{PQgetResult(connection_.get())};
  std::exception_ptr first;
  if (PQresultStatus(started.get()) != PGRES_COPY_OUT) first = failure(started.get(), copy);
  char* row = nullptr;
  for (int size = 0; !first && (size = PQgetCopyData(connection_.get(), &row, 0)) > 0;
       PQfreemem(row)) {
    try {
      sink({row, static_cast<std::size_t>(size)});
    } catch (...) {
      first = std::current_exception();
    }
  }
  if (first) {  // the rest is only read off the wire
    while (PQgetCopyData(connection_.get(), &row, 0) > 0) PQfreemem(row);
  }
  take_results(
      copy, 0, [](std::size_t, RowView) {}, first);
  if (first) std::rethrow_exception(first);
}

}  // namespace

void Session::copy_out(const std::string& copy, const std::function<void(std::string_view)>&) {
  throw DbError("0A000", "this session does not copy: " + copy);
}

void Session::stream(const std::vector<std::string>& statements, const RowSink& sink) {
  std::vector<std::optional<std::string_view>> view;
  const auto results = pipeline(statements);
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const Row& row : results[i]) {
      view.assign(row.begin(), row.end());
      sink(i, view);
    }
  }
}

std::unique_ptr<Session> open_session(const std::string& conninfo) {
  return std::make_unique<LibpqSession>(conninfo);
}

}  // namespace aloft
