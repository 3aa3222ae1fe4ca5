// SPDX-License-Identifier: Apache-2.0
#include "datasets/image_folder.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <system_error>

#include "datasets/fingerprint.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

bool has_image_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return extension == ".jpeg" || extension == ".jpg" || extension == ".png";
}

/// The entries of a folder in byte order of their names.
std::vector<fs::directory_entry> sorted_entries(const fs::path& folder) {
  try {
    std::vector<fs::directory_entry> entries(fs::directory_iterator{folder}, {});
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
    return entries;
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot read the folder '" + folder.string() +
                             "': " + error.code().message());
  }
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

std::string folder_names(const fs::path& directory) {
  std::string names;
  for (const auto& entry : sorted_entries(directory)) {
    if (!is_folder(entry) || is_hidden(entry.path())) continue;
    names += (names.empty() ? "" : ", ") + entry.path().filename().string();
  }
  return names.empty() ? "no folder" : names;
}

void require_split(const fs::path& directory, const std::string& split) {
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  if (!fs::exists(status)) {
    throw std::runtime_error("the data set folder '" + directory.string() +
                             "' cannot be found: " + error.message());
  }
  if (!fs::is_directory(status)) {
    throw std::runtime_error("the data set '" + directory.string() + "' is not a folder");
  }
  if (split.empty() || !fs::is_directory(directory / split, error)) {
    throw std::runtime_error("the data set folder '" + directory.string() + "' has no split '" +
                             split + "'; it holds: " + folder_names(directory) +
                             " (expected: " + directory.string() + "/{train,val}/<class>/*.JPEG)");
  }
}

void list_class(const fs::path& class_folder, ImageFolder& folder) {
  const auto label = static_cast<std::int64_t>(folder.classes.size());
  const std::size_t before = folder.images.size();
  for (const auto& entry : sorted_entries(class_folder)) {
    if (is_hidden(entry.path()) || is_folder(entry) || !has_image_extension(entry.path())) {
      ++folder.ignored_files;
      continue;
    }
    std::error_code error;
    if (!entry.is_regular_file(error)) {  // A broken link, or a device: never left out in silence.
      throw std::runtime_error("the image '" + entry.path().string() + "' is not a file" +
                               (error ? ": " + error.message() : ""));
    }
    folder.images.push_back({entry.path(), label});
  }
  if (folder.images.size() == before) {
    throw std::runtime_error("the class folder '" + class_folder.string() +
                             "' holds no image (.jpeg, .jpg, .png): add some or remove it");
  }
  folder.classes.push_back(class_folder.filename().string());
}

std::string hash_files(const ImageFolder& folder, bool with_times) {
  Fingerprint fingerprint;
  fingerprint.add(folder.split);
  for (const ImageFile& image : folder.images) {
    std::error_code error;
    fingerprint.add(folder.classes.at(static_cast<std::size_t>(image.label)));
    fingerprint.add(image.path.filename().native());
    fingerprint.add(static_cast<std::uint64_t>(fs::file_size(image.path, error)));
    if (with_times && !error) {
      const auto time = fs::last_write_time(image.path, error).time_since_epoch().count();
      fingerprint.add(static_cast<std::uint64_t>(time));
    }
    if (error) {
      throw std::runtime_error("cannot read '" + image.path.string() + "': " + error.message());
    }
  }
  return fingerprint.hex();
}

}  // namespace

std::string ImageFolder::identity() const {
  return hash_files(*this, false);
}
std::string ImageFolder::cache_identity() const {
  return hash_files(*this, true);
}

ImageFolder list_image_folder(const fs::path& directory, const std::string& split) {
  require_split(directory, split);
  ImageFolder folder{.directory = directory, .split = split, .classes = {}, .images = {}};
  for (const auto& entry : sorted_entries(directory / split)) {
    if (is_folder(entry) && !is_hidden(entry.path())) {
      list_class(entry.path(), folder);
    } else {
      ++folder.ignored_files;
    }
  }
  if (folder.images.empty()) {
    throw std::runtime_error("'" + (directory / split).string() +
                             "' holds no class folders, so there are no images (expected: " +
                             (directory / split / "<class>" / "*.JPEG").string() + ")");
  }
  return folder;
}

}  // namespace model_search
