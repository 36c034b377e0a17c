#include "engine/base/hash.h"

#include <fmt/format.h>

namespace aloft {
namespace {

constexpr std::uint64_t kPrime = 1099511628211ULL;

}  // namespace

void ContentHash::byte(unsigned char b) {
  a_ = (a_ ^ b) * kPrime;
  b_ = (b_ * kPrime) ^ (b + 0x9eU);
}

void ContentHash::add(std::string_view piece) {
  for (const char c : piece) byte(static_cast<unsigned char>(c));
  add(static_cast<std::int64_t>(piece.size()));
}

void ContentHash::add(std::int64_t number) {
  auto bits = static_cast<std::uint64_t>(number);
  for (int i = 0; i < 8; ++i, bits >>= 8U) byte(static_cast<unsigned char>(bits & 0xffU));
}

std::string ContentHash::hex() const {
  return fmt::format("{:016x}{:016x}", a_, b_);
}

std::string hash_of(std::string_view text) {
  ContentHash hash;
  hash.add(text);
  return hash.hex();
}

}  // namespace aloft
