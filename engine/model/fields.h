#pragma once

#include <string_view>
#include <tuple>
#include <vector>

namespace aloft {

/// A member with the name under which a difference in it is reported.
template <class Object, class Member>
struct Field {
  std::string_view name;
  Member Object::*member;
};
template <class O, class M>
Field(std::string_view, M O::*) -> Field<O, M>;
template <class O, class M>
Field(const char*, M O::*) -> Field<O, M>;

/// Calls f(name, member of a, member of b) for each field of T::fields().
template <class T, class F>
void for_each_field(const T& a, const T& b, F&& f) {
  std::apply([&](const auto&... field) { (f(field.name, a.*field.member, b.*field.member), ...); },
             T::fields());
}

/// The names of the fields in which two objects differ; empty when they are equal.
template <class T>
std::vector<std::string_view> changed_fields(const T& a, const T& b) {
  std::vector<std::string_view> names;
  for_each_field(a, b, [&](std::string_view name, const auto& x, const auto& y) {
    if (!(x == y)) names.push_back(name);
  });
  return names;
}

}  // namespace aloft
