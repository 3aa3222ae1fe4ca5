// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/help.h"

#include <array>
#include <map>
#include <span>
#include <stdexcept>
#include <string_view>

#include "benchmarks/grid/options.h"

namespace model_search {
namespace {

struct HelpLine {
  std::string_view flag;
  std::string_view value;  ///< what follows "="; empty: the flag takes no value
  std::string_view text;   ///< says the default where a rule gives it
};

struct HelpGroup {
  std::string_view title;
  std::span<const HelpLine> lines;
};

constexpr std::array what_to_search{
    HelpLine{"data_dir", "DIR", "photographs, DIR/{train,val}/<class>/*.jpg; else generated ones"},
    HelpLine{"text_dir", "DIR", "texts, DIR/{train,test}/{pos,neg}/*.txt; else generated ones"},
    HelpLine{"candidates", "ZOO.json", "your checkpoints; else every architecture, random weights"},
    HelpLine{"weights_dir", "DIR", "in place of a zoo: DIR/<architecture>.safetensors"},
    HelpLine{"architectures", "LIST", "resnet18, vit_b_16, bert_base, ...; else all"},
    HelpLine{"configurations", "LIST", "full, or tails: last_3 (blocks), last_25pct, ..."},
    HelpLine{"items", "N", "items of a search, some of each class; 0: all"},
};

constexpr std::array settings_of_rows{
    HelpLine{"devices", "LIST", "cpu, cuda, cuda1, ...; else all that are visible"},
    HelpLine{"batch_sizes", "LIST", "items per batch; else 128 on a GPU, 8 on a CPU, or a sweep"},
    HelpLine{"precisions", "LIST", "torch (PyTorch's float32), fp32, tf32, bf16, fp16"},
    HelpLine{"executions", "LIST", "eager, cuda_graph, fused, fused_graph"},
    HelpLine{"layouts", "LIST", "contiguous, channels_last"},
    HelpLine{"decoders", "LIST", "turbojpeg, stb; on a GPU nvjpeg, hybrid; else the first"},
    HelpLine{"workers", "LIST", "threads that load data; else the cores allowed"},
    HelpLine{"modes", "LIST", "pipelines of EndToEnd"},
    HelpLine{"plans", "LIST", "what Search computes once: one_by_one, decode_once, shared"},
    HelpLine{"budgets", "LIST", "items that Search gives each candidate: all, halving"},
    HelpLine{"probes", "LIST", "proxy scores: linear, logme, knn, ..."},
};

constexpr std::array how_to_measure{
    HelpLine{"steps", "LIST", "LoadModel, LoadData, Inference, Score, EndToEnd, Search, ..."},
    HelpLine{"preset", "NAME", "study (the original study's settings) or cpu"},
    HelpLine{"benchmark_filter", "REGEX", "only the rows whose names match"},
    HelpLine{"benchmark_list_tests", "", "print the names of the rows, measure nothing"},
    HelpLine{"batches", "N", "batches of each row"},
    HelpLine{"precision_target", "1%", "as many batches as this precision needs"},
    HelpLine{"time_budget", "SECONDS", "most seconds of a row"},
    HelpLine{"processes", "N", "repeat every row in N processes"},
};

constexpr std::array where_results_go{
    HelpLine{"benchmark_out", "FILE.json", "all rows with all settings; needed by the report"},
    HelpLine{"resume", "", "measure only what FILE.json lacks"},
    HelpLine{"features_dir", "DIR", "keep the features of EndToEnd and Search"},
    HelpLine{"cache_dir", "DIR", "generated data, weights, activations; else ~/.cache"},
};

constexpr std::array help_groups{
    HelpGroup{"What to search", what_to_search},
    HelpGroup{"With what settings (LIST: a,b,c; every combination is a row)", settings_of_rows},
    HelpGroup{"How to measure", how_to_measure},
    HelpGroup{"Where results go", where_results_go},
};

constexpr std::string_view help_examples = R"(
Examples
  model_search_bench --steps=Search --candidates=zoo.json --data_dir=PHOTOS
  model_search_bench --steps=EndToEnd --architectures=resnet18 --modes=serial --benchmark_out=r.json
  model_search_bench --benchmark_filter='^Inference/resnet50/full/' --precision_target=1%
)";

constexpr std::string_view other_commands = R"(
Other commands (each has --help)
  tools/demo.sh      a first measurement with a report    tools/search.py   rank checkpoints
  tools/report.py    results as a page                    tools/compare.py  faster or slower?
  tools/make_zoo.py  zoos to measure with                 tools/rank.py     rank features
  tools/export_weights.py  .ckpt, .pth, .pt, timm, Hugging Face to safetensors and zoo.json

--help-all lists every flag, --schema prints steps, axes and counters as JSON.
)";

/// The defaults of the flags that have one, as text.
std::map<std::string, std::string> default_texts() {
  std::map<std::string, std::string> found;
  for (const Axis& axis : axes().all()) {
    found[std::string(axis.flag)] = axis.rule != nullptr ? "" : joined(axis.standard);
  }
  for (const Setting& setting : settings()) found[setting.flag] = setting.standard;
  for (const std::string& flag : benchmark_flag_names()) found[flag] = "";
  return found;
}

std::string line_of(const HelpLine& line, const std::string& standard) {
  constexpr std::size_t column = 29;
  constexpr std::size_t most_columns = 100;
  std::string text = "  --" + std::string(line.flag);
  if (!line.value.empty()) text += "=" + std::string(line.value);
  text += std::string(text.size() < column ? column - text.size() : 1, ' ');
  text += line.text;
  const std::string in_brackets = " [" + standard + "]";
  const bool has_default = !standard.empty() && standard != "false";
  return text +
         (has_default && text.size() + in_brackets.size() <= most_columns ? in_brackets : "");
}

}  // namespace

std::vector<std::string> benchmark_flag_names() {
  return {"benchmark_list_tests",
          "benchmark_filter",
          "benchmark_min_time",
          "benchmark_min_warmup_time",
          "benchmark_repetitions",
          "benchmark_enable_random_interleaving",
          "benchmark_report_aggregates_only",
          "benchmark_display_aggregates_only",
          "benchmark_format",
          "benchmark_out",
          "benchmark_out_format",
          "benchmark_color",
          "benchmark_counters_tabular",
          "benchmark_context",
          "benchmark_time_unit"};
}

std::string short_help() {
  const std::map<std::string, std::string> standards = default_texts();
  std::string text =
      "Measures where the time of a search through pre-trained networks goes.\n"
      "model_search_bench --flag=value ...   Defaults are in brackets.\n";
  for (const HelpGroup& group : help_groups) {
    text += "\n" + std::string(group.title) + "\n";
    for (const HelpLine& line : group.lines) {
      text += line_of(line, standards.at(std::string(line.flag))) + "\n";
    }
  }
  return text + std::string(help_examples) + std::string(other_commands);
}

}  // namespace model_search
