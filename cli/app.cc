#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace aloft {
namespace {

const std::map<std::string, Format> kFormats = {
    {"text", Format::Text}, {"json", Format::Json}, {"sql", Format::Sql}};
const std::map<std::string, ColorMode> kColors = {
    {"auto", ColorMode::Auto}, {"always", ColorMode::Always}, {"never", ColorMode::Never}};

void add_source(CLI::App& command, CommandOptions& o) {
  command.add_option("--db", o.db, "libpq URI or keywords; else $DATABASE_URL; else the PG* variables")
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
                  "irreversible, privilege, or all")
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

std::set<Hazard> hazards_of(const std::vector<std::string>& names) {
  std::set<Hazard> hazards;
  for (const std::string& name : names) {
    for (const Hazard h : {Hazard::DataLoss, Hazard::Blocking, Hazard::Rewrite, Hazard::AppBreaking,
                           Hazard::Irreversible, Hazard::Privilege})
      if (name == "all" || name == hazard_name(h)) hazards.insert(h);
  }
  return hazards;
}

}  // namespace

std::variant<CommandOptions, ExitCode> parse_command_line(int argc, char** argv) {
  CommandOptions o;
  std::vector<std::string> allow;
  CLI::App app("aloft keeps a PostgreSQL database equal to a set of SQL files while the applications "
               "that use it stay up.");
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "print this help");

  auto* plan = app.add_subcommand("plan", "compare and print the plan; touches nothing");
  add_source(*plan, o), add_desired(*plan, o), add_allow(*plan, allow), add_output(*plan, o, kFormats);
  plan->add_flag("--detailed-exitcode", o.detailed_exitcode, "exit with 2 if there are changes");
  plan->add_option("--out", o.output, "also write the plan as JSON, for apply --plan")
      ->type_name("FILE");

  auto* apply = app.add_subcommand("apply", "carry a plan out up to the end of backfill");
  add_source(*apply, o), add_desired(*apply, o), add_allow(*apply, allow);
  apply->add_option("--plan", o.plan_file, "the approved plan to carry out")->type_name("FILE");
  apply->add_flag("--contract", o.contract, "go on to the end: phase contract too");
  apply->add_flag("--yes", o.yes, "do not ask before the first step");
  apply->add_option("--lock-attempts", o.lock_attempts, "tries for a lock before giving up")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  apply->add_option("--color", o.color, "auto, always or never; NO_COLOR is honoured")
      ->transform(CLI::CheckedTransformer(kColors));

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
  for (const CLI::App* command : {plan, apply, dump})
    if (*command && command->count("--db") > 0) o.db_said = true;
  if (o.command == "help") {
    const CLI::App* explained = topic.empty() ? &app : nullptr;
    for (const CLI::App* command : {plan, apply, diff, dump, help})
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
