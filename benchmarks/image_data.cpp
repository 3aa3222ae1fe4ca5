// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/image_data.h"

#include <ATen/ops/empty.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "datasets/loader.h"
#include "fixtures/spread_source.h"

namespace model_search {

const ClassFolder& ImageData::folder() {
  if (folder_) return *folder_;
  std::filesystem::path directory = options_.data_dir;
  if (directory.empty()) {
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    bool told = false;
    const auto progress = [terminal, &told](std::size_t done, std::size_t all) {
      if (!terminal && told) return;
      std::fprintf(stderr, "%sGenerating the default data set: %zu of %zu images%s",
                   terminal ? "\r" : "", done, all, terminal && done < all ? "" : "\n");
      told = true;
    };
    directory =
        ensure_default_dataset(options_.cache_dir, options_.default_dataset,
                               static_cast<std::size_t>(options_.workers.front()), progress);
  }
  folder_ = std::make_unique<ClassFolder>(list_class_folder(directory, options_.split, image_kind()));
  return *folder_;
}

std::shared_ptr<const ImageSource> ImageData::source(const std::string& decoder) {
  auto& source = sources_[decoder];
  if (!source) source = std::make_shared<const ImageSource>(folder(), decoder);
  return source;
}

at::Tensor ImageData::images(const std::string& decoder, std::int64_t count) {
  if (images_decoder_ == decoder && images_.defined() && images_.size(0) >= count) {
    return images_.narrow(0, 0, count);
  }
  const std::shared_ptr<const ImageSource> all = source(decoder);
  const auto distinct = std::min<std::size_t>(static_cast<std::size_t>(count), all->size());
  const SpreadSource spread(all, distinct);
  LoaderOptions loading;
  loading.batch_size = distinct;
  loading.workers = static_cast<std::size_t>(options_.workers.front());
  loading.prefetch = 0;
  Loader loader(spread, loading);
  const Batch batch = *loader.next();

  std::vector<std::int64_t> shape = all->shape().dimensions;
  shape.insert(shape.begin(), count);
  images_ = at::empty(shape);
  auto* target = static_cast<std::byte*>(images_.data_ptr());
  const std::size_t item_bytes = all->shape().bytes();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::size_t from = static_cast<std::size_t>(i) % distinct;
    std::copy_n(batch.data.data() + from * item_bytes, item_bytes,
                target + static_cast<std::size_t>(i) * item_bytes);
  }
  images_decoder_ = decoder;
  return images_;
}

std::vector<std::int64_t> ImageData::labels() {
  std::vector<std::int64_t> labels;
  for (const LabelledFile& image : folder().files) labels.push_back(image.label);
  return labels;
}

std::vector<std::string> ImageData::item_names() {
  std::vector<std::string> names;
  const ClassFolder& list = folder();
  for (const LabelledFile& image : list.files) {
    names.push_back(image.path.lexically_relative(list.directory / list.split).generic_string());
  }
  return names;
}

}  // namespace model_search
