// The function that keeps new columns and those that they are made of in step, whoever writes which
// of them. It goes by what a write changes, not by who writes:
//
// - the former ones alone, or neither in a row without new values: the new ones are computed;
// - the new ones alone: the former ones are computed back, but not where the new ones are just what
//   the former ones give, so that filling a row never touches what it is filled from;
// - both, and neither is what the other gives: an error, as no rule could tell which one counts.
//   (A row that moves to another partition is written with both.)
//
// Values are compared by their image (*<>): that is there for every type, json too.

#include <algorithm>

#include "planner/strategies/counterparts.h"
#include "planner/strategies/fill_column.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

/// "ROW(NEW.a, NEW.b)::record"
std::string image(const std::string& row, const std::vector<ObjectId>& columns) {
  std::string list;
  for (const ObjectId& column : columns)
    list += (list.empty() ? "" : ", ") + row + "." + quote_ident(column.name);
  return "ROW(" + list + ")::record";
}

/// "NEW.a IS NULL AND NEW.b IS NULL"
std::string empty(const std::string& row, const std::vector<ObjectId>& columns) {
  std::string all;
  for (const ObjectId& column : columns)
    all += (all.empty() ? "" : " AND ") + row + "." + quote_ident(column.name) + " IS NULL";
  return all;
}

/// The lines of the function's body.
class Body {
 public:
  Body(const Counterparts& columns, const PlanContext& ctx)
      : columns_(columns), ctx_(ctx), followers_(columns.followers()) {}

  std::string text() {
    line("");
    line("#variable_conflict use_column");
    line("DECLARE");
    line("  aloft_up record := NEW;");
    line("  aloft_new boolean;");
    line("  aloft_former boolean;");
    line("  aloft_empty boolean := true;");
    if (columns_.both_ways()) {
      line("  aloft_down record;");
      line("  aloft_back boolean;");
    }
    line("BEGIN");
    look();
    compute();
    line("  IF NOT aloft_new THEN");
    line("    IF aloft_former OR aloft_empty THEN");
    for (const ObjectId& column : columns_.fresh) line("      " + take_up(column));
    line("    END IF;");
    line("    RETURN NEW;");
    line("  END IF;");
    complete();
    if (columns_.both_ways()) carry_back();
    line("  RETURN NEW;");
    line("END");
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }

  std::string name(const ObjectId& column) const { return quote_ident(column.name); }
  std::string take_up(const ObjectId& column) const {
    return "NEW." + name(column) + " := aloft_up." + name(column) + ";";
  }
  /// An expression over the row as it is written.
  std::string value(const std::string& expression) const {
    return "(SELECT (" + expression + ") FROM (SELECT NEW.*) AS " +
           quote_ident(columns_.table.name) + ")";
  }
  const Column& column(const ObjectId& id) const { return ctx_.desired.columns.at(id); }

  /// What the write changes. An INSERT changes what it has a value for; where a DEFAULT gives a
  /// former column one, that says nothing.
  void look() {
    line("  IF TG_OP = 'INSERT' THEN");
    line("    aloft_new := NOT (" + empty("NEW", columns_.fresh) + ");");
    if (columns_.both_ways()) line("    aloft_back := " + given() + ";");
    line("  ELSE");
    line("    aloft_new := " + changed(columns_.fresh) + ";");
    line("    aloft_former := " + changed(columns_.former) + ";");
    if (columns_.both_ways()) line("    aloft_back := " + changed(followers_) + ";");
    line("    aloft_empty := " + empty("OLD", columns_.fresh) + ";");
    line("  END IF;");
  }

  static std::string changed(const std::vector<ObjectId>& columns) {
    return image("NEW", columns) + " *<> " + image("OLD", columns);
  }

  std::string given() const {
    const bool defaults = std::ranges::any_of(followers_, [&](const ObjectId& id) {
      const Column& live = ctx_.live.columns.at(id);
      return !live.default_value.empty() || live.identity != ' ';
    });
    return defaults ? "false" : "NOT (" + empty("NEW", followers_) + ")";
  }

  /// The new columns' values from the former ones.
  void compute() {
    for (const ObjectId& id : columns_.fresh) {
      const std::string up = "aloft_up." + name(id);
      line("  " + up + " := " + value(value_said(column(id))) + ";");
      if (const SqlText& given = column(id).default_value; !given.empty())
        line("  IF " + up + " IS NULL THEN " + up + " := " + given.sql + "; END IF;");
    }
  }

  /// A row that was not filled yet gets what the write leaves out, before anything is made of it.
  void complete() {
    line("  IF TG_OP = 'UPDATE' AND aloft_empty THEN");
    for (const ObjectId& id : columns_.fresh)
      line("    IF NEW." + name(id) + " IS NULL THEN " + take_up(id) + " END IF;");
    line("  END IF;");
    for (const ObjectId& id : columns_.fresh)
      if (const SqlText& given = column(id).default_value; !given.empty())
        line("  IF TG_OP = 'INSERT' AND NEW." + name(id) + " IS NULL THEN NEW." + name(id) +
             " := " + given.sql + "; END IF;");
  }

  void carry_back() {
    line("  IF " + image("NEW", columns_.fresh) + " *= " + image("aloft_up", columns_.fresh) +
         " THEN");
    line("    RETURN NEW;");
    line("  END IF;");
    line("  aloft_down := NEW;");
    for (const auto& [id, back] : columns_.back)
      line("  aloft_down." + name(id) + " := " + value(back.sql) + ";");
    line("  IF aloft_back AND " + image("NEW", followers_) + " *<> " +
         image("aloft_down", followers_) + " THEN");
    line("    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',");
    line("      MESSAGE = " +
         quote_literal("one statement writes " + listed(followers_) +
                       " and, with another meaning, " + listed(columns_.fresh)) +
         ",");
    line("      HINT = 'Write one of the two sides; the other one follows.';");
    line("  END IF;");
    for (const ObjectId& id : followers_)
      line("  NEW." + name(id) + " := aloft_down." + name(id) + ";");
  }

  const Counterparts& columns_;
  const PlanContext& ctx_;
  const std::vector<ObjectId> followers_;
  std::string text_{};
};

}  // namespace

SyncTrigger counterpart_trigger(const Counterparts& columns) {
  const ObjectId& lead = columns.fresh.front();
  return {.column = lead, .name = "two_way_" + run_mark(lead)};
}

std::vector<Sql> counterpart_trigger_sql(const Counterparts& columns, const PlanContext& ctx) {
  SyncTrigger trigger = counterpart_trigger(columns);
  trigger.body = Body(columns, ctx).text();
  return trigger.create_sql(ctx);
}

std::vector<Agreement> counterpart_agreements(const Counterparts& columns, const PlanContext& ctx) {
  if (!columns.both_ways()) return {};
  // By the column's own type, as the trigger's assignments give it.
  const auto is = [](const ObjectId& id, const std::string& value, const Column& column) {
    return sql("ROW({})::record *= ROW(({})::{})::record", Ident{id.name}, Sql{value},
               Sql{column.type})
        .text;
  };
  std::string up, down;
  for (const ObjectId& id : columns.fresh) {
    const Column& column = ctx.desired.columns.at(id);
    const std::string value = value_said(column);
    std::string same = is(id, value, column);
    // Then the default counts, which may be another one each time.
    if (!column.default_value.empty())
      same = sql("(({}) IS NULL OR {})", Sql{value}, Sql{same}).text;
    up += (up.empty() ? "" : " AND ") + same;
  }
  for (const auto& [id, back] : columns.back)
    down += (down.empty() ? "" : " AND ") + is(id, back.sql, ctx.live.columns.at(id));
  return {{.trigger =
               child_id(Kind::Trigger, columns.table, counterpart_trigger(columns).trigger_name()),
           .what = listed(columns.fresh) + " and " + listed(columns.followers()),
           .condition = "(" + up + ") OR (" + down + ")"}};
}

}  // namespace aloft
