#include "parser/source_set.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/base/file_reader.h"

extern char** environ;

namespace aloft {
namespace {

namespace fs = std::filesystem;

/// Runs git without a shell and returns what it writes. Throws IoError with its complaint.
std::string run_git(const std::vector<std::string>& arguments, const std::string& what) {
  std::array<int, 2> out{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0)
    throw IoError("cannot read " + what + ": " + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
  std::vector<std::string> words = {"git"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  std::string text;
  if (failed == 0) {
    std::array<char, 65536> buffer{};
    ssize_t got = 0;
    while ((got = ::read(out[0], buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR))
      if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(out[0]);
  if (failed != 0) throw IoError("cannot run git for " + what + ": " + std::strerror(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    throw IoError("cannot read " + what + ": " + text);
  }
  return text;
}

/// The entries of a NUL-separated list.
std::vector<std::string> entries(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\0', from), text.size());
    result.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return result;
}

void add_from_git(const std::string& path, Sources& sources) {
  const std::string rest = path.substr(4);
  const auto colon = rest.find(':');
  if (colon == std::string::npos || colon == 0 || rest.front() == '-')
    throw IoError("cannot read " + path + ": write git:REVISION:PATH");
  const std::string revision = rest.substr(0, colon), inside = rest.substr(colon + 1);
  const std::string object = revision + ":" + inside;
  const std::string type = run_git({"cat-file", "-t", object}, path);
  if (type == "blob\n") {
    sources.add({.name = path, .text = run_git({"cat-file", "blob", object}, path)});
    return;
  }
  auto names =
      entries(run_git({"ls-tree", "-r", "-z", "--name-only", "--full-tree", object}, path));
  std::ranges::sort(names);
  const std::string folder = inside.empty() || inside.ends_with('/') ? inside : inside + "/";
  for (const std::string& name : names) {
    if (!name.ends_with(".sql")) continue;
    const std::string full = "git:" + revision + ":" + folder + name;
    sources.add({.name = full, .text = run_git({"cat-file", "blob", full.substr(4)}, full)});
  }
}

void add_folder(const std::string& path, Sources& sources) {
  std::vector<std::string> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(path, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->path().extension() == ".sql" && !it->is_directory())
      files.push_back(it->path().string());
  }
  if (failed) throw IoError("cannot read " + path + ": " + failed.message());
  std::ranges::sort(files);
  for (const std::string& file : files) sources.add({.name = file, .text = read_file(file)});
}

}  // namespace

Sources collect_sources(const std::vector<std::string>& paths) {
  Sources sources;
  for (const std::string& path : paths) {
    if (path == "-")
      sources.add({.name = "<stdin>", .text = read_stdin()});
    else if (path.starts_with("git:"))
      add_from_git(path, sources);
    else if (std::error_code ignored; fs::is_directory(path, ignored))
      add_folder(path, sources);
    else
      sources.add({.name = path, .text = read_file(path)});
  }
  return sources;
}

}  // namespace aloft
