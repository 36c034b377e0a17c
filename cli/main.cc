#include <malloc.h>

#include <cstdio>
#include <exception>
#include <string>

#include "cli/app.h"
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/config.h"
#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

ExitCode run(CommandOptions options) {
  if (options.command == "version") {
    std::printf("aloft %s\n", std::string(kVersion).c_str());
    return ExitCode::Ok;
  }
  if (options.command == "diff") return diff_command(options);
  apply_config(options);
  if (options.command == "dump") return dump_command(options);
  if (options.command == "contract") return contract_command(options);
  if (options.command == "rollback") return rollback_command(options);
  if (options.command == "status") return status_command(options);
  if (options.command == "pause") return pause_command(options);
  if (options.command == "resume") return resume_command(options);
  if (options.command == "throttle") return throttle_command(options);
  if (options.desired.empty() && options.plan_file.empty()) {
    std::fputs("aloft: say what the schema should be: --desired PATH, or desired = in aloft.toml\n",
               stderr);
    return ExitCode::Error;
  }
  return options.command == "plan" ? plan_command(options) : apply_command(options);
}

ExitCode fail(const std::string& message) {
  std::fprintf(stderr, "aloft: %s\n", message.c_str());
  return ExitCode::Error;
}

}  // namespace
}  // namespace aloft

int main(int argc, char** argv) {
  using namespace aloft;
  // Threads work beside each other for moments only: memory that each would keep for itself is
  // memory that the next one asks for again.
  mallopt(M_ARENA_MAX, 1);
  const auto parsed = parse_command_line(argc, argv);
  if (const auto* code = std::get_if<ExitCode>(&parsed)) return static_cast<int>(*code);
  try {
    return static_cast<int>(run(std::get<CommandOptions>(parsed)));
  } catch (const DbError& error) {
    return static_cast<int>(fail("the server says: " + std::string(error.what()) + " (SQLSTATE " +
                                 error.sqlstate + ")"));
  } catch (const PlanFileError& error) {
    return static_cast<int>(fail("this plan file cannot be used: " + std::string(error.what())));
  } catch (const std::exception& error) {
    return static_cast<int>(fail(error.what()));
  }
}
