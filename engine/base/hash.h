#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aloft {

/// A 128-bit content hash that is the same on every machine and in every version: two FNV-1a
/// streams of 64 bits. For telling contents apart, not against an adversary.
class ContentHash {
 public:
  /// Adds a piece and its length, so that ("ab","c") and ("a","bc") differ.
  void add(std::string_view piece);
  void add(std::int64_t number);
  /// 32 hexadecimal digits.
  std::string hex() const;

 private:
  void byte(unsigned char b);
  std::uint64_t a_ = 14695981039346656037ULL;
  std::uint64_t b_ = 9600629759793949339ULL;
};

std::string hash_of(std::string_view text);

}  // namespace aloft
