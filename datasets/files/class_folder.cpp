// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/class_folder.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "datasets/files/fingerprint.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

std::string folder_names(const fs::path& directory) {
  std::string names;
  for (const auto& entry : sorted_entries(directory)) {
    if (!is_folder(entry) || is_hidden(entry.path())) continue;
    names += (names.empty() ? "" : ", ") + entry.path().filename().string();
  }
  return names;
}

void require_folder(const fs::path& directory) {
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  if (!fs::exists(status)) {
    throw std::runtime_error("the data set folder '" + directory.string() +
                             "' cannot be found: " + error.message());
  }
  if (!fs::is_directory(status)) {
    throw std::runtime_error("the data set '" + directory.string() + "' is not a folder");
  }
}

bool has_split(const fs::path& directory, const std::string& split) {
  std::error_code error;
  return !split.empty() && fs::is_directory(directory / split, error);
}

[[noreturn]] void fail_without_split(const ClassFolder& folder, const std::string& split,
                                     const std::string& names, const ItemKind& kind) {
  throw std::runtime_error(
      "the data set folder '" + folder.directory.string() + "' has no split '" + split +
      "'; it holds: " + (names.empty() ? "no folder" : names) +
      " (expected: " + folder.directory.string() + "/" + std::string(kind.example) + ", or " +
      std::string(kind.noun) + "s and no folder)");
}

void list_class(const fs::path& class_folder, const ItemKind& kind, ClassFolder& folder) {
  const auto label = static_cast<std::int64_t>(folder.classes.size());
  const std::vector<fs::path> items = walk_items(class_folder, kind, folder.left_out);
  if (items.empty()) {
    std::string extensions;
    for (const std::string_view extension : kind.extensions) {
      extensions += (extensions.empty() ? "" : ", ") + std::string(extension);
    }
    throw std::runtime_error("the class folder '" + class_folder.string() + "' holds no " +
                             std::string(kind.noun) + " (" + extensions +
                             "): add some or remove it");
  }
  for (const fs::path& item : items) folder.files.push_back({item, label});
  folder.classes.push_back(class_folder.filename().string());
}

/// Lists the class folders in root(), and counts what else is there.
void list_classes(const ItemKind& kind, ClassFolder& folder) {
  for (const auto& entry : sorted_entries(folder.root())) {
    const std::string name = entry.path().filename().string();
    const bool ignored =
        std::ranges::find(kind.ignored_classes, name) != kind.ignored_classes.end();
    if (is_folder(entry) && !is_hidden(entry.path()) && !ignored) {
      list_class(entry.path(), kind, folder);
    } else if (ignored) {
      folder.left_out.add(name);
    } else if (is_hidden(entry.path())) {
      folder.left_out.add("hidden");
    } else if (is_item(entry.path(), kind)) {
      folder.left_out.add(std::string(kind.noun) + "s outside of class folders");
    } else {
      folder.left_out.add_by_name(entry.path());
    }
  }
}

std::string hash_files(const ClassFolder& folder, bool with_times) {
  Fingerprint fingerprint;
  fingerprint.add(folder.split);
  for (const LabelledFile& file : folder.files) {
    std::error_code error;
    const std::string name = folder.name_of(file);
    const std::size_t slash = folder.labeled() ? name.find('/') : std::string::npos;
    fingerprint.add(slash == std::string::npos ? std::string_view()
                                               : std::string_view(name).substr(0, slash));
    fingerprint.add(std::string_view(name).substr(slash + 1));
    // Whoever reads the file reports that it cannot be read.
    fingerprint.add(static_cast<std::uint64_t>(fs::file_size(file.path, error)));
    if (with_times) {
      const auto time = fs::last_write_time(file.path, error).time_since_epoch().count();
      fingerprint.add(static_cast<std::uint64_t>(time));
    }
  }
  return fingerprint.hex();
}

}  // namespace

fs::path ClassFolder::root() const {
  return split.empty() ? directory : directory / split;
}

std::string ClassFolder::name_of(const LabelledFile& file) const {
  return file.path.lexically_relative(root()).generic_string();
}

std::string ClassFolder::unscorable() const {
  if (classes.empty()) return "it has no class folders, so that its items have no labels";
  if (classes.size() == 1) return "all of its items are of the class '" + classes.front() + "'";
  return {};
}

std::string ClassFolder::identity() const {
  return hash_files(*this, false);
}
std::string ClassFolder::cache_identity() const {
  return hash_files(*this, true);
}

const ItemKind& image_kind() {
  // torchvision.datasets.folder.IMG_EXTENSIONS
  static const ItemKind kind{
      .noun = "image",
      .extensions = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"},
      .ignored_classes = {},
      .example = "{train,val}/<class>/*.JPEG"};
  return kind;
}

const ItemKind& text_kind() {
  static const ItemKind kind{.noun = "text",
                             .extensions = {".txt"},
                             .ignored_classes = {"unsup"},
                             .example = "{train,test}/{pos,neg}/*.txt"};
  return kind;
}

std::vector<std::filesystem::path> ClassFolder::paths() const {
  std::vector<std::filesystem::path> all;
  all.reserve(files.size());
  for (const LabelledFile& file : files) all.push_back(file.path);
  return all;
}

ClassFolder list_class_folder(const fs::path& directory, const std::string& split,
                              const ItemKind& kind) {
  require_folder(directory);
  ClassFolder folder{.directory = directory, .split = split, .classes = {}, .files = {}};
  if (has_split(directory, split)) {
    list_classes(kind, folder);
  } else if (const std::string names = folder_names(directory); names.empty()) {
    folder.split.clear();
  } else {
    fail_without_split(folder, split, names, kind);
  }
  if (folder.labeled()) return folder;
  LeftOut left_out;
  for (const fs::path& item : items_in(folder.root(), kind, left_out)) {
    folder.files.push_back({item, no_label});
  }
  if (!folder.files.empty()) {
    folder.left_out = left_out;
    return folder;
  }
  if (folder.split.empty()) fail_without_split(folder, split, "", kind);
  throw std::runtime_error("'" + folder.root().string() + "' holds no class folders and no " +
                           std::string(kind.noun) + "s (expected: " + directory.string() + "/" +
                           std::string(kind.example) + ")");
}

}  // namespace model_search
