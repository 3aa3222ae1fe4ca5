// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/data_sets.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "datasets/decoder.h"
#include "datasets/default_text.h"
#include "datasets/file_source.h"
#include "datasets/image_source.h"
#include "datasets/loader.h"
#include "datasets/text_source.h"
#include "fixtures/gpu_decoder.h"
#include "fixtures/strided_source.h"

namespace model_search {
namespace {

/// Tells a person that a data set is being made: once, or on one line at a terminal.
GenerateProgress progress_of(const char* what) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  return [what, terminal, told = false](std::size_t done, std::size_t all) mutable {
    if (!terminal && told) return;
    std::fprintf(stderr, "%sGenerating the default data set: %zu of %zu %s%s", terminal ? "\r" : "",
                 done, all, what, terminal && done < all ? "" : "\n");
    told = true;
  };
}

ClassFolder list_images(const Options& options) {
  std::filesystem::path directory = options.data_dir;
  if (directory.empty()) {
    directory = ensure_default_dataset(options.cache_dir, options.default_dataset,
                                       static_cast<std::size_t>(options.workers.front()),
                                       progress_of("images"));
  }
  return list_class_folder(directory, options.split, image_kind());
}

ClassFolder list_text(const Options& options) {
  std::filesystem::path directory = options.text_dir;
  if (directory.empty()) directory = ensure_default_text(options.cache_dir, options.default_text);
  // IMDB names its held-out split `test`.
  return list_class_folder(directory, options.split == "val" ? "test" : options.split, text_kind());
}

}  // namespace

InputSettings InputSettings::reference() const {
  InputSettings plain = *this;
  plain.element = Element::float32;
  if (is_gpu_decoder(decoder)) plain.decoder = decoder_table().front().name;
  return plain;
}

const ClassFolder& DataSets::folder(const std::string& kind) {
  if (const auto known = folders_.find(kind); known != folders_.end()) return known->second;
  // A folder that failed once is not listed again for every row that needs it.
  if (const auto known = errors_.find(kind); known != errors_.end()) {
    throw std::runtime_error(known->second);
  }
  try {
    return folders_[kind] = kind == "text" ? list_text(options_) : list_images(options_);
  } catch (const std::exception& error) {
    folders_.erase(kind);
    errors_[kind] = error.what();
    throw;
  }
}

bool DataSets::embedded(const std::string& kind) const {
  return kind == "text" ? options_.text_dir.empty() : options_.data_dir.empty();
}

std::string DataSets::identity(const InputSettings& input) {
  if (input.kind == "text") {
    return "tokenizer=" + input.tokenizer->identity() +
           " max_length=" + std::to_string(input.max_length);
  }
  return "decoder=" + input.decoder + " " + Preprocessing{}.identity() +
         (input.element == Element::uint8 ? " uint8" : "");
}

std::shared_ptr<const ItemSource> DataSets::source(const InputSettings& input) {
  auto& source = sources_[input.kind + " " + identity(input)];
  if (source) return source;
  if (is_gpu_decoder(input.decoder)) {
    return source = std::make_shared<const FileSource>(folder(input.kind));
  }
  if (input.kind == "text") {
    source = std::make_shared<const TextSource>(folder("text"), input.tokenizer,
                                                static_cast<std::size_t>(input.max_length));
  } else {
    source = std::make_shared<const ImageSource>(folder("images"), input.decoder, Preprocessing{},
                                                 input.element);
  }
  return source;
}

Activations DataSets::items(const InputSettings& input, std::int64_t count) {
  const std::string wanted = input.kind + " " + identity(input);
  if (items_identity_ == wanted && items_.values.size(0) >= count) {
    return narrow(items_, 0, count);
  }
  const std::shared_ptr<const ItemSource> all = source(input);
  const auto distinct = std::min<std::size_t>(static_cast<std::size_t>(count), all->size());
  const StridedSource spread(all, distinct);
  LoaderOptions loading;
  loading.batch_size = distinct;
  loading.workers = static_cast<std::size_t>(options_.workers.front());
  loading.prefetch = 0;
  Loader loader(spread, loading);
  const Batch batch = *loader.next();

  items_identity_.clear();
  items_ = empty_items(all->shape(), count);
  const std::vector<at::Tensor> targets{items_.values, items_.mask};
  for (std::size_t part = 0; part < all->shape().size(); ++part) {
    auto* target = static_cast<std::byte*>(targets[part].data_ptr());
    const std::size_t item_bytes = all->shape()[part].bytes();
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      std::memcpy(target + i * item_bytes, batch.tensors[part].data() + i % distinct * item_bytes,
                  item_bytes);
    }
  }
  items_identity_ = wanted;
  return items_;
}

std::vector<std::string> DataSets::item_names(const std::string& kind) {
  std::vector<std::string> names;
  const ClassFolder& list = folder(kind);
  for (const LabelledFile& file : list.files) {
    names.push_back(file.path.lexically_relative(list.directory / list.split).generic_string());
  }
  return names;
}

}  // namespace model_search
