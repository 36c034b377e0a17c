#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "parser/pg_tree.h"

namespace aloft::pg {

/// A token of a text, by byte offsets; comments are none.
struct TokenAt {
  std::size_t begin = 0, end = 0;
  int token = 0;  ///< PgQuery__Token
};
/// Empty where the text cannot be scanned.
std::vector<TokenAt> tokens(const std::string& text);

/// The tokens' own bytes.
std::string slice(const std::string& text, const TokenAt& token);

/// Whether two trees say the same: equal but for the places where things are written.
bool same_tree(const ProtobufCMessage* a, const ProtobufCMessage* b);
/// Whether the text is one statement that says the same as the tree.
bool reads_back(const std::string& text, const Node* statement);

}  // namespace aloft::pg
