// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace model_search {

/// One photograph and the index of its class.
struct ImageFile {
  std::filesystem::path path;
  std::int64_t label = 0;
};

/// The photographs of one split of a data set in ImageNette's layout,
/// `directory/<split>/<class>/*.{JPEG,jpeg,jpg,JPG,png,PNG}`; classes and files in byte order of
/// their names, so that the order is the same on every machine (torchvision's ImageFolder order).
/// Files of other kinds are not images and are counted in `ignored_files`; hidden files too.
struct ImageFolder {
  std::filesystem::path directory;
  std::string split;
  std::vector<std::string> classes;
  std::vector<ImageFile> images;
  std::size_t ignored_files = 0;

  /// Equal on every machine that holds the same files: a hash of relative names and sizes.
  [[nodiscard]] std::string identity() const;
  /// As identity(), and of the modification times: what a cache on this machine is keyed by.
  [[nodiscard]] std::string cache_identity() const;
};

/// Lists `directory/split`. Throws std::runtime_error that names the folder (and the choices)
/// where the directory or the split is missing or cannot be read, where a class folder holds no
/// image, and where there are no classes or no images.
[[nodiscard]] ImageFolder list_image_folder(const std::filesystem::path& directory,
                                            const std::string& split);

}  // namespace model_search
