#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {

const Reader kNamespaces{
    "schemas",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT n.oid, n.nspname, n.nspowner, {}, n.oid = ANY ('{}'), {} FROM pg_namespace n"
          " LEFT JOIN pg_init_privs i ON i.objoid = n.oid AND i.privtype = 'e'"
          " AND i.classoid = 'pg_namespace'::regclass",
          acl_sql("n.nspacl", "n.nspowner", 'n'), scope.schemas,
          acl_sql("i.initprivs", "n.nspowner", 'n'));
    },
    [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      const std::string name = f.text();
      r.namespaces.emplace(oid, name);
      const Oid owner = f.oid();
      Grants grants = r.grants(f.text());
      if (!f.flag() || r.is_member(catalog::kNamespace, oid)) return;
      Grants by_extension = r.grants(f.text());
      r.live.snapshot.schemas.emplace(ObjectId{.kind = Kind::Schema, .name = name},
                                      Schema{.owner = r.role(owner),
                                             .grants = std::move(grants),
                                             .comment = r.comment(catalog::kNamespace, oid),
                                             .by_extension = std::move(by_extension)});
    }};

const Reader kExtensions{
    "extensions",
    [](const ReadScope&) -> std::string {
      return "SELECT oid, extname, extnamespace, extversion, extrelocatable FROM pg_extension"
             " ORDER BY extname";
    },
    [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      const std::string name = f.text();
      r.live.names.installed_extensions.push_back(name);
      if (name == "plpgsql") return;  // initdb makes it in every database
      Extension extension{.schema = r.schema(f.oid()),
                          .version = f.text(),
                          .comment = r.comment(catalog::kExtension, oid)};
      extension.relocatable = f.flag();
      r.live.snapshot.extensions.emplace(ObjectId{.kind = Kind::Extension, .name = name},
                                         std::move(extension));
    }};

const Reader kExtensionMembers{
    "extension members",
    [](const ReadScope&) -> std::string {
      return "SELECT classid, objid FROM pg_depend"
             " WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'";
    },
    [](Reading& r, Fields f) {
      const Oid catalog = f.oid();
      r.extension_members.insert({catalog, f.oid(), 0});
    }};

/// Of everything that initdb did not make, and of schema public, which it did.
const Reader kComments{"comments",
                       [](const ReadScope&) -> std::string {
                         return "SELECT classoid, objoid, objsubid, description FROM pg_description"
                                " WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass";
                       },
                       [](Reading& r, Fields f) {
                         const Oid catalog = f.oid();
                         const Oid object = f.oid();
                         if (r.is_member(catalog, object)) return;
                         const auto sub = static_cast<std::int32_t>(f.number(0));
                         r.comments.emplace(Address{catalog, object, sub}, f.text());
                       }};

}  // namespace aloft
