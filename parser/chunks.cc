#include "parser/chunks.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "parser/declarations.h"
#include "parser/directives.h"
#include "parser/psql_lines.h"
#include "parser/unprintable.h"

namespace aloft {
namespace {

constexpr std::size_t kChunkSize = 65536;
constexpr unsigned kMostThreads = 4;

/// The first byte of a statement: what is neither blank nor comment.
std::size_t skip_to_token(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == ';') {
      ++at;
    } else if (c == '-' && at + 1 < end && text[at + 1] == '-') {
      at = std::min(text.find('\n', at), end);
    } else if (c == '/' && at + 1 < end && text[at + 1] == '*') {
      int depth = 0;
      do {
        const std::string_view two = text.substr(at, 2);
        if (two == "/*")
          ++depth, at += 2;
        else if (two == "*/")
          --depth, at += 2;
        else
          ++at;
      } while (depth > 0 && at < end);
    } else {
      break;
    }
  }
  return std::min(at, end);
}

/// Cuts a file into chunks at ends of statements.
void cut(std::uint32_t file, const std::string& text, std::vector<Chunk>& chunks) {
  Chunk chunk{.file = file};
  for (const pg::Slice& slice : pg::split_statements(text)) {
    chunk.slices.push_back(slice);
    if (slice.end - chunk.begin < kChunkSize) continue;
    chunk.end = slice.end;
    const std::size_t next = slice.end;
    chunks.push_back(std::move(chunk));
    chunk = Chunk{.file = file, .begin = next};
  }
  chunk.end = text.size();
  if (!text.empty()) chunks.push_back(std::move(chunk));
}

/// What is known of a statement from its tree alone.
void enter(const PgQuery__RawStmt& raw, std::uint32_t piece, std::uint32_t index,
           const std::string& text, const Sources& sources, Chunk& chunk) {
  const std::size_t base = chunk.pieces[piece].begin;
  const std::size_t length = static_cast<std::size_t>(raw.stmt_len);
  std::size_t from = base + static_cast<std::size_t>(raw.stmt_location);
  const std::size_t end = length > 0 ? from + length : chunk.end;
  from = skip_to_token(text, from, end);
  Entry entry{.piece = piece, .index = index, .begin = from, .end = end};
  const StatementRule* rule = rule_of(*raw.stmt);
  if (rule == nullptr) {
    refuse_statement(*raw.stmt, sources.position(chunk.file, from), chunk.diagnostics);
    return;
  }
  const std::string_view lost =
      unprintable_clause(*raw.stmt, std::string_view(text).substr(from, end - from));
  if (!lost.empty()) {
    chunk.diagnostics.error("unsupported-clause", "aloft does not manage " + std::string(lost),
                            "Take it out of the desired state.",
                            sources.position(chunk.file, from));
    return;
  }
  entry.pass = pass_of(*raw.stmt, *rule);
  const auto number = static_cast<std::uint32_t>(chunk.entries.size());
  if (auto declared = declaration(*raw.stmt)) {
    declared->entry = number;
    chunk.declared.push_back(std::move(*declared));
  }
  if (auto path = search_path_change(*raw.stmt))
    chunk.path_changes.push_back({.entry = number, .path = std::move(*path)});
  chunk.entries.push_back(entry);
}

/// Parses a piece of the file and keeps its packed tree. False on a syntax error.
bool add_piece(std::size_t begin, std::size_t end, const std::string& text, Chunk& chunk,
               pg::ParseError& error) {
  const std::string part = text.substr(begin, end - begin);
  const PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(part.c_str());
  const bool good = parsed.error == nullptr;
  if (good)
    chunk.pieces.push_back(
        {.begin = begin, .packed = std::string(parsed.parse_tree.data, parsed.parse_tree.len)});
  else
    error = {.message = parsed.error->message, .offset = parsed.error->cursorpos - 1};
  pg_query_free_protobuf_parse_result(parsed);
  return good;
}

void report_syntax(const pg::ParseError& error, std::size_t begin, const std::string& text,
                   const pg::Slice& slice, const Sources& sources, Chunk& chunk) {
  // The parser counts characters, not bytes.
  std::size_t at = begin;
  for (int left = error.offset; left > 0 && at < text.size(); ++at)
    if (at + 1 >= text.size() || (static_cast<unsigned char>(text[at + 1]) & 0xC0) != 0x80) --left;
  if (error.offset < 0) at = skip_to_token(text, slice.begin, slice.end);
  chunk.diagnostics.error("syntax-error", error.message, "Correct the statement.",
                          sources.position(chunk.file, at));
}

void parse_chunk(const Sources& sources, const std::string& text, Chunk& chunk) {
  pg::ParseError error;
  if (!add_piece(chunk.begin, chunk.end, text, chunk, error)) {
    for (const pg::Slice& slice : chunk.slices)
      if (!add_piece(slice.begin, slice.end, text, chunk, error))
        report_syntax(error, slice.begin, text, slice, sources, chunk);
  }
  for (std::uint32_t p = 0; p < chunk.pieces.size(); ++p) {
    const std::string& packed = chunk.pieces[p].packed;
    auto* tree = pg_query__parse_result__unpack(
        nullptr, packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()));
    if (tree == nullptr) continue;
    for (std::uint32_t i = 0; i < tree->n_stmts; ++i)
      enter(*tree->stmts[i], p, i, text, sources, chunk);
    pg_query__parse_result__free_unpacked(tree, nullptr);
  }
  read_directives(sources, chunk.file, chunk.begin,
                  text.substr(chunk.begin, chunk.end - chunk.begin), chunk.directives,
                  chunk.diagnostics);
}

}  // namespace

std::vector<Chunk> parse_chunks(const Sources& sources, Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  std::vector<Chunk> chunks;
  for (std::uint32_t file = 1; file <= sources.files().size(); ++file) {
    texts.push_back(without_psql_lines(sources, file, diagnostics));
    cut(file, texts.back(), chunks);
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < chunks.size(); i = next++)
      parse_chunk(sources, texts[chunks[i].file - 1], chunks[i]);
  };
  const unsigned threads =
      std::min(std::max(std::thread::hardware_concurrency(), 1u), kMostThreads);
  if (threads == 1 || chunks.size() < 2) {
    work();
  } else {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work);
  }
  for (Chunk& chunk : chunks) {
    for (const Diagnostic& d : chunk.diagnostics.sorted())
      diagnostics.error(d.code, d.message, d.remedy, d.at);
    chunk.slices = {};
  }
  return chunks;
}

// ---- ChunkTrees ----

void* ChunkTrees::allocate(std::size_t size) {
  constexpr std::size_t kBlock = std::size_t{1} << 18;
  size = (size + 15) & ~std::size_t{15};
  if (size > left_) {
    const std::size_t block = std::max(size, kBlock);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    next_ = blocks_.back().get();
    left_ = block;
  }
  char* const result = next_;
  next_ += size;
  left_ -= size;
  return result;
}

ChunkTrees::ChunkTrees(const Chunk& chunk) {
  ProtobufCAllocator allocator{
      .alloc = [](void* self,
                  std::size_t size) { return static_cast<ChunkTrees*>(self)->allocate(size); },
      .free = [](void*, void*) {},
      .allocator_data = this};
  for (const Chunk::Piece& piece : chunk.pieces)
    results_.push_back(
        pg_query__parse_result__unpack(&allocator, piece.packed.size(),
                                       reinterpret_cast<const std::uint8_t*>(piece.packed.data())));
}

ChunkTrees::~ChunkTrees() = default;

const PgQuery__Node& ChunkTrees::statement(const Entry& entry) const {
  return *results_[entry.piece]->stmts[entry.index]->stmt;
}

}  // namespace aloft
