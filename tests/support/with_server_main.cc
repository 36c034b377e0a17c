// aloft_with_server [-c NAME=VALUE]... COMMAND [ARGUMENT...]: runs the command with PGHOST, PGPORT
// and PGUSER set to a throw-away server with these settings, superuser, which is gone when the
// command ends. Answers with the command's exit code.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/pg_server.h"

namespace {

/// "host=H port=P user=U" to the environment's PGHOST, PGPORT, PGUSER.
void set_environment(const std::string& conninfo) {
  std::istringstream words(conninfo);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    std::string name = "PG";
    for (const char c : word.substr(0, equals)) name += static_cast<char>(c - 'a' + 'A');
    setenv(name.c_str(), word.c_str() + equals + 1, 1);
  }
}

int run(char** command) {
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execvp(command[0], command);
    std::perror(command[0]);
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> settings;
  int first = 1;
  for (; first + 1 < argc && std::string(argv[first]) == "-c"; first += 2)
    settings.push_back(argv[first + 1]);
  if (first >= argc) {
    std::fputs("usage: aloft_with_server [-c NAME=VALUE]... COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  try {
    const aloft::test::PgServer server(settings);
    set_environment(server.conninfo());
    return run(argv + first);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "aloft_with_server: %s\n", error.what());
    return 1;
  }
}
