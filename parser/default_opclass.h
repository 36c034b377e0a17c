#pragma once

#include <string>

namespace aloft {

/// Is it the operator class that a key of `type` has anyway, so that PostgreSQL does not print it?
/// Those of pg_catalog and of btree_gist, btree_gin, citext, cube, hstore, intarray, ltree and seg
/// (pg_opclass.opcdefault, 14 to 18). `type`: as format_type() prints it, of a domain what it
/// stands on; "" where it is not known: then that of any type will do.
bool is_default_opclass(const std::string& method, const std::string& opclass,
                        const std::string& type);

}  // namespace aloft
