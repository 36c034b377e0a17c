#pragma once

#include <optional>
#include <set>
#include <unordered_map>

#include "engine/introspect/readers.h"

namespace aloft {

/// What an address of pg_depend is for aloft.
struct CatalogNode {
  ObjectId id{};
  std::optional<ObjectId> relation{};  ///< of a column: its table or view
};
using CatalogNodes = std::unordered_map<Address, CatalogNode, AddressHash>;

/// Takes a catalog, an object and a column number.
Address address_of(Fields& fields);

/// The managed object that each address is, or is a part of: a default of its column, a rule of its
/// view, an index of its constraint, an array or row type of what it is made of, an identity's
/// sequence of its column. The column of a view is a Column of the view's name. Left out: what is
/// in a system schema and kinds that aloft does not manage. One round trip.
CatalogNodes resolve_nodes(Session& session, const std::set<Address>& addresses);

}  // namespace aloft
