#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/diagnostics.h"
#include "parser/handlers.h"
#include "parser/statement_table.h"

namespace aloft {

/// A statement of a chunk, without its tree.
struct Entry {
  std::uint32_t piece = 0, index = 0;  ///< of the chunk's pieces; of the piece's statements
  std::size_t begin = 0, end = 0;      ///< bytes of the file
  Pass pass = Pass::None;
  std::uint32_t path = 0;  ///< number of the search_path in force
};

/// A definition by the name it is written with.
struct Declared {
  std::uint32_t entry = 0;
  Kind kind = Kind::Table;
  std::string schema{}, name{};
};

/// SET search_path and set_config('search_path', ...).
struct PathChange {
  std::uint32_t entry = 0;
  std::vector<std::string> path{};
};

/// Some 64 kB of a file, parsed and kept packed (twice the text's size, a tenth of the tree's).
struct Chunk {
  struct Piece {
    std::size_t begin = 0;  ///< byte of the file that the trees' locations count from
    std::string packed{};
  };
  std::uint32_t file = 0;
  std::size_t begin = 0, end = 0;
  std::vector<pg::Slice> slices{};  ///< its statements, by bytes of the file
  std::vector<Piece> pieces{};      ///< one, or one a statement if there are syntax errors
  std::vector<Entry> entries{};
  std::vector<Declared> declared{};
  std::vector<PathChange> path_changes{};
  std::vector<Directive> directives{};
  Diagnostics diagnostics{};
};

/// The trees of a chunk's pieces; freed with it.
class ChunkTrees {
 public:
  explicit ChunkTrees(const Chunk& chunk);
  ~ChunkTrees();
  ChunkTrees(const ChunkTrees&) = delete;
  ChunkTrees& operator=(const ChunkTrees&) = delete;
  const PgQuery__Node& statement(const Entry& entry) const;

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;
  char* next_ = nullptr;
  std::vector<PgQuery__ParseResult*> results_;
  void* allocate(std::size_t size);
};

/// All statements of all files, parsed in parallel; syntax errors and statements that aloft does
/// not manage are reported.
std::vector<Chunk> parse_chunks(const Sources& sources, Diagnostics& diagnostics);

}  // namespace aloft
