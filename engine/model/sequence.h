#pragma once

#include <cstdint>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// What pg_sequence holds, with PostgreSQL's defaults for an ascending bigint sequence. Whoever
/// fills one fills every member: the bounds of another type or direction are not these.
struct SequenceOptions {
  std::string type{"bigint"};
  std::int64_t start = 1, increment = 1, min = 1, max = 9223372036854775807, cache = 1;
  bool cycle = false;
  bool operator==(const SequenceOptions&) const = default;
};

/// CREATE SEQUENCE, serial's too; the sequence of an identity column is part of its column.
struct Sequence {
  static constexpr Kind kKind = Kind::Sequence;
  SequenceOptions options{};
  bool unlogged = false;
  ObjectId owned_by{};  ///< the column; an empty name: OWNED BY NONE
  std::string owner{};
  Grants grants{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{
        Field{"options", &Sequence::options},   Field{"unlogged", &Sequence::unlogged},
        Field{"owned by", &Sequence::owned_by}, Field{"owner", &Sequence::owner},
        Field{"grants", &Sequence::grants},     Field{"comment", &Sequence::comment}};
  }
};

}  // namespace aloft
