// The pure stages at 100, 1,000 and 10,000 tables: time per table has to stay level.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <vector>

#include "bench/generate_schema.h"
#include "engine/diff/diff.h"
#include "engine/diff/reconcile.h"
#include "parser/canonical.h"
#include "parser/parse.h"
#include "planner/planner.h"

namespace aloft {
namespace {

Sources sources_of(int tables) {
  Sources sources;
  sources.add({.name = "schema.sql", .text = generate_schema(tables)});
  return sources;
}

Snapshot parsed(const Sources& sources) {
  Diagnostics diagnostics;
  return parse(sources, diagnostics);
}

Snapshot canonical(const Sources& sources) {
  Diagnostics diagnostics;
  Snapshot snapshot = parse(sources, diagnostics);
  canonicalise(snapshot, Side::Desired, {}, {}, diagnostics);
  return snapshot;
}

/// As a process finds it that does this once: nothing of it in the processor's caches, no page of
/// what it is about to make in the heap. Otherwise 100 tables are a measurement of the L2 cache.
void go_cold() {
  constexpr std::size_t kBytes = 128U << 20U;
  static std::vector<char> other(kBytes);
  for (std::size_t i = 0; i < kBytes; i += 64) ++other[i];
  malloc_trim(0);
}

void per_table(benchmark::State& state) {
  state.counters["per_table"] = benchmark::Counter(
      static_cast<double>(state.range(0)),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void parse_bench(benchmark::State& state) {
  const Sources sources = sources_of(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parsed(sources));
  per_table(state);
}

void canonicalise_bench(benchmark::State& state) {
  const Snapshot raw = parsed(sources_of(static_cast<int>(state.range(0))));
  for (auto _ : state) {
    state.PauseTiming();
    Snapshot snapshot = raw;
    Diagnostics diagnostics;
    state.ResumeTiming();
    canonicalise(snapshot, Side::Desired, {}, {}, diagnostics);
  }
  per_table(state);
}

void diff_bench(benchmark::State& state) {
  const Sources sources = sources_of(static_cast<int>(state.range(0)));
  const Snapshot live = canonical(sources), desired = canonical(sources);
  for (auto _ : state) {
    state.PauseTiming();
    go_cold();
    state.ResumeTiming();
    benchmark::DoNotOptimize(diff(live, desired));
  }
  per_table(state);
}

/// The plan that creates the whole schema: every object is a node.
void plan_bench(benchmark::State& state) {
  const Sources sources = sources_of(static_cast<int>(state.range(0)));
  const Snapshot desired = canonical(sources);
  Snapshot live;
  live.schemas = desired.schemas;
  const ChangeSet changes = diff(live, desired);
  const Edges edges = references(desired);
  for (auto _ : state) {
    state.PauseTiming();
    go_cold();
    state.ResumeTiming();
    Diagnostics diagnostics;
    benchmark::DoNotOptimize(make_plan({.live = live,
                                        .desired = desired,
                                        .changes = changes,
                                        .live_edges = {},
                                        .desired_edges = edges,
                                        .facts = {},
                                        .options = {},
                                        .sources = sources},
                                       diagnostics));
  }
  per_table(state);
}

#define SIZES Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)
BENCHMARK(parse_bench)->SIZES;
BENCHMARK(canonicalise_bench)->SIZES;
BENCHMARK(diff_bench)->SIZES;
BENCHMARK(plan_bench)->SIZES;
#undef SIZES

}  // namespace
}  // namespace aloft

BENCHMARK_MAIN();
