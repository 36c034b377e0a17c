#include "engine/plan/fingerprint.h"

#include "engine/base/hash.h"

namespace aloft {
namespace {

// One add() for each type that a field may have; a new type of field does not compile without.
void add(ContentHash& h, const std::string& v) {
  h.add(std::string_view(v));
}
void add(ContentHash& h, bool v) {
  h.add(std::int64_t{v});
}
void add(ContentHash& h, char v) {
  h.add(std::int64_t{v});
}
void add(ContentHash& h, std::int32_t v) {
  h.add(std::int64_t{v});
}
void add(ContentHash& h, std::int64_t v) {
  h.add(v);
}
void add(ContentHash& h, Constraint::Type v) {
  h.add(static_cast<std::int64_t>(v));
}
void add(ContentHash& h, const SqlText& v) {
  add(h, v.canon);
}
void add(ContentHash& h, const Option& v) {
  add(h, v.name), add(h, v.value);
}
void add(ContentHash& h, const Grant& v) {
  add(h, v.grantee), add(h, v.privilege), add(h, v.grantable), add(h, v.taken);
}
void add(ContentHash& h, const Name& v) {
  add(h, v.schema), add(h, v.name);
}
void add(ContentHash& h, const ObjectId& v) {
  add(h, to_string(v));
}
void add(ContentHash& h, const SequenceOptions& v) {
  add(h, v.type), add(h, v.start), add(h, v.increment), add(h, v.min), add(h, v.max);
  add(h, v.cache), add(h, v.cycle);
}
void add(ContentHash& h, const ReplicaIdentity& v) {
  add(h, v.mode), add(h, v.index);
}
void add(ContentHash& h, const DomainConstraint& v) {
  add(h, v.name), add(h, v.check), add(h, v.validated), add(h, v.comment);
}
void add(ContentHash& h, const Attribute& v) {
  add(h, v.name), add(h, v.type), add(h, v.collation), add(h, v.comment);
}
template <class T>
void add(ContentHash& h, const std::vector<T>& values);
void add(ContentHash& h, const ViewColumn& v) {
  add(h, v.name), add(h, v.comment), add(h, v.default_value), add(h, v.statistics);
  for (const Grant& g : v.grants) add(h, g);
}
void add(ContentHash& h, const PolicyRoles& v) {
  for (const std::string& role : v.names()) add(h, role);
}
template <class T>
void add(ContentHash& h, const std::vector<T>& values) {
  h.add(static_cast<std::int64_t>(values.size()));
  for (const T& value : values) add(h, value);
}

}  // namespace

std::string fingerprint(const Snapshot& snapshot, const ObjectId& id) {
  std::string result;
  for_each_kind(snapshot, [&](const auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if (T::kKind != id.kind) return;
    const auto it = objects.find(id);
    if (it == objects.end()) return;
    ContentHash hash;
    for_each_field(it->second, it->second,
                   [&](std::string_view name, const auto& value, const auto&) {
                     hash.add(name);
                     add(hash, value);
                   });
    result = hash.hex();
  });
  return result;
}

}  // namespace aloft
