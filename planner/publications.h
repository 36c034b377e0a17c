#pragma once

#include <string>
#include <vector>

#include "engine/model/publication.h"
#include "planner/step_builder.h"

namespace aloft {

/// A publication that shows a table's rows to subscribers.
struct Publishing {
  std::string name{};
  const Publication* publication = nullptr;
  const PublishedTable* own = nullptr;  ///< where it names this very table; else null
};

/// The live publications by the names that what they show has after the renames among `changes`.
Publications mended(Publications publications, const ChangeSet& changes);

/// Those that show the table: by its name, by that of a table above or below it, by its schema, or
/// as one of all; by name. Empty where nothing is known of publications.
std::vector<Publishing> publishing(const ObjectId& table, const PlanContext& ctx);

/// "publication p", "publications p and q"; empty for none.
std::string listed_publications(const std::vector<Publishing>& shown);

/// The same and what they do, "find": "publication p finds".
std::string publications_do(const std::vector<Publishing>& shown, const std::string& verb);

/// Does one of them publish updates or deletes, which need a replica identity?
bool writes_rows(const std::vector<Publishing>& shown);

/// Why PostgreSQL refuses every update of the table; empty where it does not.
std::string update_obstacle(const ObjectId& table, const PlanContext& ctx);

/// Tells that the step changes what publications show of the table: `needs` ("column public.t.c")
/// is what subscribers do not have yet, `there` what is run on them for it. PostgreSQL stops a
/// subscription at the first change of a relation or column that its side lacks ("logical
/// replication target relation ... is missing replicated column", measured on 15), and goes on by
/// itself once that is there. Hazard `replication` where a subscriber has a slot; else a note.
void tell_of_need(Step& step, const std::vector<Publishing>& shown, const std::string& needs,
                  const Sql& there, const PlanContext& ctx);

/// Tells that publications of all tables show aloft's own journal too, which any run writes to.
void tell_of_journal(Step& first, const Publications& publications);

/// The same of a column that comes: publications with a column list do not show it.
void tell_of_new_column(Step& step, const ObjectId& column, const Sql& there,
                        const PlanContext& ctx);

/// Of a table that comes, and that publications of all tables, or of its schema, show at once.
void tell_of_new_table(Step& step, const ObjectId& table, const PlanContext& ctx);

/// Of a column or table that gets another name: `there` renames it.
void tell_of_new_name(Step& step, const ObjectId& now, const Sql& there, const PlanContext& ctx);

/// Of a column that gets another type, `stage`d: values go over as text, so that subscribers may
/// have the new type before.
void tell_of_new_type(Step& step, Stage stage, const ObjectId& column, const Column& from,
                      const Column& to, const PlanContext& ctx);

}  // namespace aloft
