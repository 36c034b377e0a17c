// split_statements(): libpg_query's scanner, with the BEGIN ATOMIC bodies that it cuts made whole.

#include <algorithm>

#include "parser/pg_tree.h"

namespace aloft::pg {
namespace {

bool mentions_atomic(std::string_view text) {
  constexpr std::string_view kWord = "atomic";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(text.begin(), text.end(), kWord.begin(), kWord.end(), same) != text.end();
}

/// The words END that a text still owes: those of BEGIN ATOMIC and of CASE within it.
class AtomicDepth {
 public:
  void read(const std::string& text) {
    const PgQueryScanResult scanned = pg_query_scan(text.c_str());
    if (scanned.error == nullptr) {
      auto* tokens = pg_query__scan_result__unpack(
          nullptr, scanned.pbuf.len, reinterpret_cast<const std::uint8_t*>(scanned.pbuf.data));
      for (const auto* token : list(tokens->n_tokens, tokens->tokens)) take(token->token);
      pg_query__scan_result__free_unpacked(tokens, nullptr);
    }
    pg_query_free_scan_result(scanned);
  }
  int depth() const { return depth_; }

 private:
  void take(PgQuery__Token token) {
    if (token == PG_QUERY__TOKEN__SQL_COMMENT || token == PG_QUERY__TOKEN__C_COMMENT) return;
    if (depth_ == 0) {
      if (token == PG_QUERY__TOKEN__ATOMIC && last_ == PG_QUERY__TOKEN__BEGIN_P) depth_ = 1;
    } else if (token == PG_QUERY__TOKEN__CASE) {
      ++depth_;
    } else if (token == PG_QUERY__TOKEN__END_P) {
      --depth_;
    }
    last_ = token;
  }
  int depth_ = 0;
  PgQuery__Token last_ = PG_QUERY__TOKEN__NUL;
};

}  // namespace

std::vector<Slice> split_statements(const std::string& text) {
  std::vector<Slice> slices;
  const PgQuerySplitResult split = pg_query_split_with_scanner(text.c_str());
  if (split.error != nullptr) {
    slices.push_back({0, text.size()});
  } else {
    for (int i = 0; i < split.n_stmts; ++i) {
      const auto begin = static_cast<std::size_t>(split.stmts[i]->stmt_location);
      slices.push_back({begin, begin + static_cast<std::size_t>(split.stmts[i]->stmt_len)});
    }
  }
  pg_query_free_split_result(split);
  if (!mentions_atomic(text)) return slices;

  std::vector<Slice> whole;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    Slice slice = slices[i];
    AtomicDepth atomic;
    if (mentions_atomic(std::string_view(text).substr(slice.begin, slice.end - slice.begin)))
      atomic.read(text.substr(slice.begin, slice.end - slice.begin));
    while (atomic.depth() > 0 && i + 1 < slices.size()) {
      ++i;
      atomic.read(text.substr(slices[i].begin, slices[i].end - slices[i].begin));
      slice.end = slices[i].end;
    }
    whole.push_back(slice);
  }
  return whole;
}

}  // namespace aloft::pg
