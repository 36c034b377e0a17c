#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/duration.h"

namespace aloft {
namespace {

const std::map<std::string, Format> kFormats = {
    {"text", Format::Text}, {"json", Format::Json}, {"sql", Format::Sql}};
const std::map<std::string, ColorMode> kColors = {
    {"auto", ColorMode::Auto}, {"always", ColorMode::Always}, {"never", ColorMode::Never}};

void add_source(CLI::App& command, CommandOptions& o) {
  command
      .add_option("--db", o.db,
                  "libpq URI or keywords; else $DATABASE_URL; else the PG* variables. Of several "
                  "hosts (host=a,b target_session_attrs=read-write) a run follows the primary")
      ->type_name("CONNINFO");
  command.add_option("--config", o.config, "configuration file (default: ./aloft.toml if there)")
      ->type_name("FILE");
  command.add_option("--env", o.env, "the [env.NAME] of the configuration")->type_name("NAME");
}

void add_desired(CLI::App& command, CommandOptions& o) {
  command
      .add_option("--desired", o.desired,
                  "what the schema should be: file, folder, - or git:REV:PATH; may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
}

void add_allow(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--allow", names,
                  "hazards that need not stop the run: data_loss, blocking, rewrite, app_breaking, "
                  "irreversible, privilege, replication, or all")
      ->type_name("HAZARD,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check([](const std::string& name) {
        return name == "all" || hazard_from(name) ? std::string()
                                                  : "unknown hazard \"" + name + "\"";
      });
}

void add_output(CLI::App& command, CommandOptions& o, std::map<std::string, Format> formats) {
  command.add_option("--format", o.format, "how to print the result")
      ->transform(CLI::CheckedTransformer(std::move(formats)))
      ->type_name("FORMAT");
  command.add_option("--color", o.color, "auto, always or never; NO_COLOR is honoured")
      ->transform(CLI::CheckedTransformer(kColors))
      ->type_name("WHEN");
}

void add_yes(CLI::App& command, CommandOptions& o) {
  command.add_flag("--yes", o.yes, "do not ask before the first step");
}

/// An option that says a duration, kept in milliseconds.
template <class Milliseconds>
CLI::Option* add_duration(CLI::App& command, const char* name, Milliseconds& ms,
                          const std::string& help) {
  return command
      .add_option_function<std::string>(
          name, [&ms](const std::string& text) { ms = duration_from(text).value_or(0); }, help)
      ->type_name("DURATION")
      ->check([](const std::string& text) {
        return duration_from(text) ? std::string()
                                   : "\"" + text + "\" is no duration like 500ms, 90s, 30m or 24h";
      });
}

void add_metrics(CLI::App& command, CommandOptions& o) {
  command
      .add_option("--metrics", o.metrics_file,
                  "write metrics of the run there every second, in Prometheus' text format, as for "
                  "node_exporter's textfile collector (NAME.prom); its folder must be there")
      ->type_name("FILE")
      ->group("Metrics");
  command
      .add_option(
          "--metrics-listen", o.metrics_listen,
          "serve them at http://HOST:PORT/metrics while the run goes on; port 0: a free one")
      ->type_name("HOST:PORT")
      ->group("Metrics");
}

/// What a command that carries a plan out takes besides.
void add_running(CLI::App& command, CommandOptions& o) {
  add_yes(command, o), add_metrics(command, o);
  command.add_option("--lock-attempts", o.lock_attempts, "tries for a lock before giving up")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  add_duration(command, "--stall-budget", o.stall_budget_ms,
               "how long all tries for locks together may make statements that write wait within "
               "a minute; then the run waits before the next; 0: no limit")
      ->default_str(std::to_string(kStallBudgetMs) + "ms");
  add_duration(command, "--reconnect-timeout", o.reconnect_ms,
               "how long to look for a server that takes writes when the run's is restarted or "
               "demoted, to go on there; 0: do not")
      ->default_str("5m");
  const auto number = [&](const char* name, auto& value, const char* help) {
    command.add_option(name, value, help)
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->group("Backfill");
  };
  number("--workers", o.backfill.workers,
         "sessions that fill a large table side by side; one alone while others are at work");
  number("--batch-ms", o.backfill.batch_ms, "how long a batch should take, in ms");
  number("--share", o.backfill.share,
         "percent of one session's time that all of them together take while other sessions are at "
         "work; 0: make no way");
  ThrottleLimits& limits = o.backfill.limits;
  number("--max-replay-lag-ms", limits.replay_lag_ms,
         "pause while a replica is further behind; 0: never");
  number("--max-replay-lag-bytes", limits.replay_lag_bytes, "the same in bytes of WAL");
  number("--max-retained-wal", limits.retained_wal_bytes,
         "pause while a replication slot retains more bytes; 0: never");
  number("--max-lock-waiters", limits.lock_waiters,
         "pause while more sessions wait for locks; 0: never");
  number("--max-active-sessions", limits.active_sessions,
         "pause while more other sessions of the server are at work; 0: never");
  number(
      "--max-wal-rate", limits.rates.wal_bytes_per_second,
      "pause while the server writes more bytes of WAL a second, over the last minute; 0: never");
  number("--max-forced-checkpoints", limits.rates.checkpoints,
         "pause while more checkpoints were forced within the last minute; 0: never");
  number("--max-xmin-age", limits.xmin_age,
         "pause while a snapshot is older, in transactions; 0: never");
  command
      .add_option("--throttle-query", limits.query,
                  "a SELECT of one boolean: pause while it is true")
      ->type_name("SQL")
      ->group("Backfill");
}

CLI::Option* add_archive(CLI::App& command, CommandOptions& o) {
  return command
      .add_option("--archive", o.archive_dir,
                  "copy tables and columns there before phase contract loses them")
      ->type_name("DIR");
}

std::set<Hazard> hazards_of(const std::vector<std::string>& names) {
  std::set<Hazard> hazards;
  for (const std::string& name : names) {
    for (const Hazard h : kHazards)
      if (name == "all" || name == hazard_name(h)) hazards.insert(h);
  }
  return hazards;
}

}  // namespace

std::variant<CommandOptions, ExitCode> parse_command_line(int argc, char** argv) {
  CommandOptions o;
  std::vector<std::string> allow;
  CLI::App app(
      "aloft keeps a PostgreSQL database equal to a set of SQL files while the applications "
      "that use it stay up.");
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "print this help");

  auto* plan = app.add_subcommand("plan", "compare and print the plan; touches nothing");
  add_source(*plan, o), add_desired(*plan, o), add_allow(*plan, allow),
      add_output(*plan, o, kFormats);
  plan->add_flag("--detailed-exitcode", o.detailed_exitcode, "exit with 2 if there are changes");
  plan->add_option("--out", o.output, "also write the plan as JSON, for apply --plan")
      ->type_name("FILE");

  auto* apply = app.add_subcommand("apply", "carry a plan out up to the end of backfill");
  add_source(*apply, o), add_desired(*apply, o), add_allow(*apply, allow);
  apply->add_option("--plan", o.plan_file, "the approved plan to carry out")->type_name("FILE");
  auto* to_the_end =
      apply->add_flag("--contract", o.contract, "go on to the end: phase contract too");
  add_running(*apply, o), add_archive(*apply, o)->needs(to_the_end);
  apply->add_option("--color", o.color, "auto, always or never; NO_COLOR is honoured")
      ->transform(CLI::CheckedTransformer(kColors));

  auto* contract = app.add_subcommand("contract", "finish the run that waits");
  add_source(*contract, o), add_allow(*contract, allow), add_running(*contract, o),
      add_archive(*contract, o);
  add_duration(
      *contract, "--soak", o.soak_ms,
      "how long to keep both applications' writes before the last steps: 90s, 30m, 24h, 7d");

  auto* rollback =
      app.add_subcommand("rollback", "take the run that waits back, to the state before it");
  add_source(*rollback, o), add_running(*rollback, o);

  auto* status =
      app.add_subcommand("status", "what run is open, how far it is; exit code 2 if there is one");
  add_source(*status, o);
  add_output(*status, o, {{"text", Format::Text}, {"json", Format::Json}});
  auto* watch =
      status->add_flag("--watch", o.watch, "again every other second, until none is open");
  status
      ->add_flag(
          "--check", o.check,
          "while a run waits for contract, look whether old and new columns and tables agree in "
          "a sample of the rows; exit code 1 if any differ")
      ->excludes(watch);
  status
      ->add_flag(
          "--new-baseline", o.new_baseline,
          "count from now on, and not since expand, what still uses what contract takes away: "
          "once the old application is gone")
      ->excludes(watch);

  auto* pause = app.add_subcommand("pause", "let the backfill that is under way pause");
  add_source(*pause, o);
  auto* resume = app.add_subcommand("resume", "let a backfill that was paused go on");
  add_source(*resume, o);
  auto* throttle = app.add_subcommand(
      "throttle", "set the size of the batches of the backfill that is under way");
  add_source(*throttle, o);
  throttle->add_option("--batch-ms", o.batch_ms, "how long a batch should take, in milliseconds")
      ->check(CLI::Range(1, 60'000))
      ->required();

  auto* diff = app.add_subcommand(
      "diff", "compare any two of: files, folders, git:REV:PATH, databases (conninfo or URI)");
  diff->add_option("FROM", o.from, "the state to start from")->required();
  diff->add_option("TO", o.to, "the state to reach")->required();
  add_output(*diff, o, kFormats);
  diff->add_flag("--detailed-exitcode", o.detailed_exitcode, "exit with 2 if there are changes");

  auto* dump = app.add_subcommand("dump", "write the live schema as desired-state files");
  add_source(*dump, o);
  dump->add_option("--out", o.out_dir, "one file an object in this folder; else one stream")
      ->type_name("DIR");

  app.add_subcommand("version", "print the version");
  auto* help = app.add_subcommand("help", "print help, of one command if named");
  std::string topic;
  help->add_option("COMMAND", topic, "the command to explain");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::Ok : ExitCode::Error;
  }
  o.command = app.get_subcommands().front()->get_name();
  o.allow = hazards_of(allow);
  for (const CLI::App* command :
       {plan, apply, contract, rollback, status, pause, resume, throttle, dump})
    if (*command && command->count("--db") > 0) o.db_said = true;
  if (o.command == "help") {
    const CLI::App* explained = topic.empty() ? &app : nullptr;
    for (const CLI::App* command :
         {plan, apply, contract, rollback, status, pause, resume, throttle, diff, dump, help})
      if (command->get_name() == topic) explained = command;
    if (explained == nullptr) {
      std::cerr << "aloft: no command \"" << topic << "\"; see aloft help\n";
      return ExitCode::Error;
    }
    std::cout << explained->help();
    return ExitCode::Ok;
  }
  return o;
}

}  // namespace aloft
