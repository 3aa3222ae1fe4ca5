// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/session.h"

namespace model_search {
namespace {

DataSettings data_settings(const Options& options) {
  return {.data_dir = options.data_dir,
          .text_dir = options.text_dir,
          .cache_dir = options.cache_dir,
          .split = options.split,
          .skip_damaged = options.on_damage == "skip",
          .decoders = options.words(axes().decoder),
          .preprocessing = {.max_pixels = options.max_pixels},
          .default_dataset = options.default_dataset,
          .default_text = options.default_text,
          .workers = static_cast<std::size_t>(options.number(axes().workers))};
}

CandidateSettings candidate_settings(const Options& options) {
  return {.zoo = options.zoo,
          .cache_dir = options.cache_dir,
          .threads = static_cast<std::size_t>(options.number(axes().threads)),
          .workers = static_cast<std::size_t>(options.number(axes().workers)),
          .pooling = text_of(axes().pooling.standard.front())};
}

}  // namespace

Session::Session(const Options& settings)
    : Workspace(data_settings(settings), candidate_settings(settings), settings.cache_dir,
                settings.cache_limit, settings.cache_bounds),
      options(settings),
      rates(settings.cache_dir) {}

}  // namespace model_search
