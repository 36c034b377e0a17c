#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aloft {

/// A row of text values; NULL is nullopt.
using Row = std::vector<std::optional<std::string>>;
using Rows = std::vector<Row>;
/// A row where the connection keeps it: valid only during the call that shows it.
using RowView = std::span<const std::optional<std::string_view>>;
/// Is shown the rows of several statements one by one, with the number of the statement from 0.
using RowSink = std::function<void(std::size_t statement, RowView row)>;

/// The only door to a server: the libpq session in the program, doubles in tests. Everything throws
/// DbError. One session is one connection: it is never opened again behind the caller's back.
class Session {
 public:
  virtual ~Session() = default;
  /// Runs one statement and returns its rows. A text that holds two is refused by the server.
  virtual Rows query(const std::string& sql) = 0;
  /// Runs one statement for its effect.
  virtual void execute(const std::string& sql) = 0;
  /// Sends all statements at once and returns their rows in order: one round trip. The first error
  /// is thrown and the rest is not run. Only inside a transaction block.
  virtual std::vector<Rows> pipeline(const std::vector<std::string>& statements) = 0;
  /// The same for results too large to copy: `sink` sees the rows in order, and of no statement
  /// before its rows have all arrived. What it throws is thrown after the last result.
  virtual void stream(const std::vector<std::string>& statements, const RowSink& sink);
  /// Runs a COPY ... TO STDOUT and shows each row as it comes, with its newline.
  virtual void copy_out(const std::string& copy, const std::function<void(std::string_view)>& sink);
  /// server_version_num, as the server said it when it accepted the connection.
  virtual int server_version() const = 0;
  /// Asks the server to cancel what the session is running; safe from a signal-driven thread.
  virtual void cancel() = 0;
};

/// Connects and pins every setting that changes what the server prints, whatever the role or the
/// database say: search_path '', TimeZone UTC, DateStyle ISO, IntervalStyle postgres, bytea_output
/// hex, quote_all_identifiers off, lc_monetary C, extra_float_digits 1, xmloption, application_name
/// aloft, client_encoding UTF8; and those that change what a statement means or how fast a catalog
/// query is: standard_conforming_strings, transform_null_equals, array_nulls, jit off.
/// Where the connection string says nothing else, a server that does not answer is given up after
/// ten seconds, and a machine that is gone without a word is noticed within half a minute:
/// connect_timeout, keepalives_*, tcp_user_timeout.
/// `conninfo`: libpq URI or keywords; "" takes the PG* variables. Throws DbError ("08..." for a
/// refused connection), whose text never holds a password.
std::unique_ptr<Session> open_session(const std::string& conninfo);

}  // namespace aloft
