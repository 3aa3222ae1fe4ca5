// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/sampling.h"

#include "fixtures/measuring/batch_statistics.h"
#include "fixtures/measuring/launch_share.h"

namespace model_search {

std::vector<Counter> sampling_counters() {
  return {
      {"row_version", "version", "",
       "version of what the row's step measures; rows of different versions are not compared"},
      {"p50", "s", "lower", "median seconds of a batch (LoadModel: of a load; Score: of a probe)"},
      {"p90", "s", "lower", "90th percentile of the seconds of a batch"},
      {"p99", "s", "lower", "99th percentile of the seconds of a batch"},
      {"mean", "s", "lower", "mean seconds of a batch"},
      {"stddev", "s", "lower", "standard deviation of the seconds of a batch"},
      {"ci95_rel", "share", "lower",
       "half the width of the 95 % interval of the median over the median, within this process; "
       "LoadData: of the mean"},
      {"correlated", "flag", "lower",
       "1 where batches resemble the ones before them; ci95_rel then counts them as fewer batches"},
      {"drift", "ratio", "",
       "median seconds of the last quarter of the batches over that of the first quarter"},
      {"drifted", "flag", "lower",
       "1 where drift is more than 1 % off 1 and more than the noise within both quarters "
       "explains"},
      {"outliers", "batches", "lower",
       "batches outside of 1.5 interquartile ranges beyond the quartiles"},
      {"first_batch", "s", "lower", "seconds of the first batch, which is part of the warm-up"},
      {"batches", "batches", "",
       "batches that count in the statistics; EndToEnd: all batches of the search"},
      {"warmup_batches", "batches", "", "batches before those that count"},
      {"budget_ended", "flag", "", "1 where --time_budget ended the row early"},
      {"precision_reached", "flag", "", "1 where --precision_target ended the row"},
      {"items_per_second", "items/s", "higher",
       "items of a batch over its mean seconds; EndToEnd: all items over end_to_end"},
      {"distinct_items", "items", "", "different items that the row worked on"},
      {"setup_seconds", "s", "lower", "seconds of preparing the row, outside of what is measured"},
      {"row_seconds", "s", "lower",
       "seconds of the whole row: preparing, checking, warming up and measuring it; rows that took "
       "turns lack it"},
      {"timer_lap_seconds", "s", "lower", "seconds that timing one batch costs"},
      {"timer_mark_seconds", "s", "lower", "seconds that one mark between two batches costs"},
      {"interleaved_with", "rows", "", "--interleave: other rows that took turns with this one"},
      {"rounds", "rounds", "", "--interleave: rounds in which the row was measured"},
      {"simulated_delay", "share", "",
       "MODEL_SEARCH_FAULT=slow=...: what the delay added to batches, over their own seconds"},
      {"remeasured", "flag", "",
       "1 where the row was measured again because the GPU was throttled the first time"},
      {"bytes", "bytes", "",
       "LoadModel: bytes of the checkpoint that were read; DataToDevice: bytes of a batch; "
       "Inference: bytes that the operators of a batch read and write at least"},
      {"bytes_per_second", "bytes/s", "higher",
       "bytes over the row's seconds; LoadData: of the batches' items; WriteActivations: of the "
       "written activations"},
      {"bytes_per_item", "bytes/item", "lower",
       "bytes of an item where the row reads or writes it; MaxBatchSize: of device memory for each "
       "further item of a batch"},
      {"launch_bound", "flag", "lower",
       "1 where launch_share is above 1.25: the CPU clearly cannot keep ahead of the GPU"},
      {"near_host_pace", "flag", "lower",
       "1 where launch_share is from 0.8 to 1.25: too close for a verdict, since a host's pace "
       "differs between runs"},
      {"launch_share", "ratio", "lower",
       "seconds in which the CPU submits a batch to an idle GPU over the seconds in which the GPU "
       "computes it without waiting for the CPU"},
  };
}

void add_statistics(Row& row, const Samples& samples, std::size_t items_per_batch) {
  const BatchStatistics statistics = summarize(samples.measured);
  row.seconds = statistics.mean;
  row.counters["batches"] = static_cast<double>(statistics.count);
  row.counters["p50"] = statistics.p50;
  row.counters["p90"] = statistics.p90;
  row.counters["p99"] = statistics.p99;
  row.counters["stddev"] = statistics.standard_deviation;
  if (statistics.ci95_relative >= 0) row.counters["ci95_rel"] = statistics.ci95_relative;
  if (statistics.drift) {
    row.counters["correlated"] = statistics.correlated ? 1 : 0;
    row.counters["drift"] = statistics.drift->ratio;
    row.counters["drifted"] = statistics.drift->beyond_noise ? 1 : 0;
  }
  if (samples.launch_share) {
    row.counters["launch_share"] = *samples.launch_share;
    row.counters["launch_bound"] = is_launch_bound(*samples.launch_share) ? 1 : 0;
    row.counters["near_host_pace"] = is_near_host_pace(*samples.launch_share) ? 1 : 0;
  }
  row.counters["first_batch"] = samples.warmup.front();
  row.counters["mean"] = statistics.mean;
  row.counters["outliers"] = static_cast<double>(statistics.outliers);
  row.counters["warmup_batches"] = static_cast<double>(samples.warmup.size());
  row.counters["budget_ended"] = samples.ending == Ending::budget ? 1 : 0;
  row.counters["precision_reached"] = samples.ending == Ending::precision ? 1 : 0;
  if (samples.simulated_delay > 0) row.counters["simulated_delay"] = samples.simulated_delay;
  row.samples = samples;
  if (items_per_batch > 0) {
    row.counters["items_per_second"] = static_cast<double>(items_per_batch) / statistics.mean;
  }
}

}  // namespace model_search
