#include "parser/source_text.h"

#include <cstring>
#include <string_view>

namespace aloft::pg {
namespace {

bool is_place(std::string_view field) {
  return field == "location" || field == "stmt_location" || field == "stmt_len";
}

std::size_t size_of(ProtobufCType type) {
  switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return 8;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_ENUM: return 4;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void*);
  }
  return 0;
}

bool same_value(ProtobufCType type, const char* a, const char* b) {
  if (type == PROTOBUF_C_TYPE_MESSAGE) {
    const auto* x = *reinterpret_cast<ProtobufCMessage* const*>(a);
    const auto* y = *reinterpret_cast<ProtobufCMessage* const*>(b);
    return same_tree(x, y);
  }
  if (type == PROTOBUF_C_TYPE_STRING) {
    const char* x = *reinterpret_cast<char* const*>(a);
    const char* y = *reinterpret_cast<char* const*>(b);
    return std::string_view(x == nullptr ? "" : x) == std::string_view(y == nullptr ? "" : y);
  }
  return std::memcmp(a, b, size_of(type)) == 0;
}

bool same_field(const ProtobufCFieldDescriptor& field, const char* a, const char* b) {
  if (field.label == PROTOBUF_C_LABEL_REPEATED) {
    const auto count = *reinterpret_cast<const std::size_t*>(a + field.quantifier_offset);
    if (count != *reinterpret_cast<const std::size_t*>(b + field.quantifier_offset)) return false;
    const char* xs = *reinterpret_cast<char* const*>(a + field.offset);
    const char* ys = *reinterpret_cast<char* const*>(b + field.offset);
    for (std::size_t i = 0; i < count; ++i)
      if (!same_value(field.type, xs + i * size_of(field.type), ys + i * size_of(field.type)))
        return false;
    return true;
  }
  if ((field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
    const auto which = *reinterpret_cast<const std::uint32_t*>(a + field.quantifier_offset);
    if (which != *reinterpret_cast<const std::uint32_t*>(b + field.quantifier_offset)) return false;
    if (which != field.id) return true;
  }
  return same_value(field.type, a + field.offset, b + field.offset);
}

}  // namespace

bool same_tree(const ProtobufCMessage* a, const ProtobufCMessage* b) {
  if (a == nullptr || b == nullptr) return a == b;
  if (a->descriptor != b->descriptor) return false;
  const ProtobufCMessageDescriptor* d = a->descriptor;
  for (unsigned i = 0; i < d->n_fields; ++i)
    if (!is_place(d->fields[i].name) && !same_field(d->fields[i], reinterpret_cast<const char*>(a),
                                                    reinterpret_cast<const char*>(b)))
      return false;
  return true;
}

bool reads_back(const std::string& text, const Node* statement) {
  if (text.empty()) return false;
  ParseError error;
  const auto tree = Tree::parse(text, error);
  return tree && tree->statements().size() == 1 &&
         same_tree(&tree->statements()[0]->stmt->base, &statement->base);
}

std::vector<TokenAt> tokens(const std::string& text) {
  std::vector<TokenAt> found;
  const PgQueryScanResult scanned = pg_query_scan(text.c_str());
  if (scanned.error == nullptr) {
    PgQuery__ScanResult* result = pg_query__scan_result__unpack(
        nullptr, scanned.pbuf.len, reinterpret_cast<const std::uint8_t*>(scanned.pbuf.data));
    for (const PgQuery__ScanToken* t : list(result->n_tokens, result->tokens))
      if (t->token != PG_QUERY__TOKEN__SQL_COMMENT && t->token != PG_QUERY__TOKEN__C_COMMENT)
        found.push_back({static_cast<std::size_t>(t->start), static_cast<std::size_t>(t->end),
                         static_cast<int>(t->token)});
    pg_query__scan_result__free_unpacked(result, nullptr);
  }
  pg_query_free_scan_result(scanned);
  return found;
}

std::string slice(const std::string& text, const TokenAt& token) {
  return text.substr(token.begin, token.end - token.begin);
}

}  // namespace aloft::pg
